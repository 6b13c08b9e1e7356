#!/bin/sh
# Puts the website's files into its bucket: what a stage runs after its deployment.
set -eu
aws s3 sync "$(dirname "$0")/site" "s3://$OUTPUT_website_SiteBucket" --delete --no-progress
