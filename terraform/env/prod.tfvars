environment = "prod"
retention   = { log_days = 90, archive_days = 60 }
