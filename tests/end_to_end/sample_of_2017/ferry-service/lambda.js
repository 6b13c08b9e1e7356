'use strict';
const awsServerlessExpress = require('aws-serverless-express');
const server = awsServerlessExpress.createServer(require('./app'));

exports.handler = (event, context) => awsServerlessExpress.proxy(server, event, context);
