'use strict';
const express = require('express');

const app = express();
app.use(express.json());

app.get('/departures/:harbour', (request, response) => {
  response.json({harbour: request.params.harbour, stage: process.env.STAGE, at: request.query.at || 'any time'});
});

app.post('/bookings', (request, response) => {
  response.status(201).json({booked: request.body.passengers});
});

module.exports = app;
