"""What AWS accepts, apart from any application: cfn-lint's rules and schemas, cron expressions, limits."""
