environment = "dev"
retention   = { log_days = 7, archive_days = 14 }
