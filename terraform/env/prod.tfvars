environment = "prod"
retention   = { log_days = 90, archive_days = 60 }
protection  = { enabled = true }
# Its HTTP API needs access = { jwt = { … } }, or access = { public = true }: see terraform/README.md.
