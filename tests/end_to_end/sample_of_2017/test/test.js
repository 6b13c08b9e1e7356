'use strict';
const https = require('https');
const {CodePipeline} = require('@aws-sdk/client-codepipeline');

function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, {method, headers: {'Content-Type': 'application/json'}}, (response) => {
      let text = '';
      response.on('data', (part) => { text += part; });
      response.on('end', () => resolve({status: response.statusCode, body: text}));
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

async function check(api) {
  const seen = await call('GET', `${api}/departures/north-quay?at=noon`);
  if (seen.status !== 200) throw new Error(`GET answered ${seen.status}: ${seen.body}`);
  const departures = JSON.parse(seen.body);
  if (departures.harbour !== 'north-quay' || departures.at !== 'noon') throw new Error(`GET answered ${seen.body}`);
  const booked = await call('POST', `${api}/bookings`, {passengers: 3});
  if (booked.status !== 201 || JSON.parse(booked.body).booked !== 3) throw new Error(`POST answered ${booked.body}`);
  const lost = await call('DELETE', `${api}/nowhere`);
  if (lost.status !== 404) throw new Error(`DELETE answered ${lost.status}`);
}

exports.handler = async (event) => {
  const pipeline = new CodePipeline();
  try {
    await check(event.api_url);
  } catch (error) {
    const failureDetails = {type: 'JobFailed', message: error.message};
    await pipeline.putJobFailureResult({jobId: event.job_id, failureDetails});
    return;
  }
  await pipeline.putJobSuccessResult({jobId: event.job_id});
};
