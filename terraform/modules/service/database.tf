# A worker's own PostgreSQL. Its password is made and kept by Secrets Manager: it
# stands in no state file, and the driver reads it from PGPASSWORD.

locals {
  databases = var.manifest.store == "sql" && !local.lambda ? 1 : 0
  database  = contains(local.reserved, local.bare) ? "${local.bare}_service" : local.bare
  bare      = replace(var.manifest.name, "-", "_")

  # What PostgreSQL or RDS takes as no name of a user or of a database: the reserved key words
  # (postgresql.org/docs/17/sql-keywords-appendix.html), and RDS's own.
  reserved = split(" ", join(" ", [
    "admin postgres rdsadmin rdsrepladmin rdstopmgr template0 template1",
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross",
    "current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except",
    "false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit",
    "localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user",
    "similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with",
  ]))

  # The image of a worker holds RDS's own certificate authorities, for these regions: see scripts/deploy/artifact/layer.go. In
  # others the connection is encrypted, and the database is believed.
  verified = split(" ", "af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 me-central-1 me-south-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2")
  tls      = contains(local.verified, data.aws_region.current.region) ? "sslmode=verify-full&sslrootcert=/etc/ssl/certs/rds.pem" : "sslmode=require"

  database_environment = local.databases == 0 ? {} : {
    DATABASE_URL = "postgres://${local.database}@${aws_db_instance.this[0].endpoint}/${local.database}?${local.tls}"
  }
  database_secrets = [for arn in local.database_secret_arns : { name = "PGPASSWORD", valueFrom = "${arn}:password::" }]

  # One, once the database is made.
  database_secret_arns = flatten(aws_db_instance.this[*].master_user_secret[*].secret_arn)
}

# A task reads its password when it starts, so a rotation every seven days, as is the default,
# would cut off the tasks that run. README, "To AWS", says how to rotate.
resource "aws_secretsmanager_secret_rotation" "this" {
  count = local.databases

  secret_id          = join("", local.database_secret_arns) # the one
  rotate_immediately = false

  rotation_rules {
    automatically_after_days = 1000 # the longest that Secrets Manager takes
  }
}

resource "aws_db_subnet_group" "this" {
  count = local.databases

  name       = local.id
  subnet_ids = var.network.subnet_ids

  tags = local.tags
}

resource "aws_security_group" "database" {
  count = local.databases

  name        = "${local.id}-database"
  description = "PostgreSQL of ${var.manifest.name}, for the workers"
  vpc_id      = var.network.vpc_id

  tags = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = local.databases

  security_group_id            = aws_security_group.database[0].id
  description                  = "PostgreSQL, from the workers"
  referenced_security_group_id = var.network.security_group
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432

  tags = local.tags
}

resource "aws_vpc_security_group_egress_rule" "database" {
  count = local.databases

  security_group_id            = var.network.security_group
  description                  = "PostgreSQL, to the database of ${var.manifest.name}"
  referenced_security_group_id = aws_security_group.database[0].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432

  tags = local.tags
}

# The last snapshot has a name of its own, so that an environment can be destroyed, made and destroyed again.
resource "terraform_data" "born" {
  count = local.databases

  input = formatdate("YYYYMMDDhhmmss", timestamp())

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_db_instance" "this" {
  count = local.databases

  identifier                   = local.id
  engine                       = "postgres"
  engine_version               = "17"
  instance_class               = var.database.class
  allocated_storage            = var.database.storage_gb
  max_allocated_storage        = var.database.max_storage_gb
  storage_type                 = "gp3"
  storage_encrypted            = true
  db_name                      = local.database
  username                     = local.database
  manage_master_user_password  = true
  db_subnet_group_name         = aws_db_subnet_group.this[0].name
  vpc_security_group_ids       = [aws_security_group.database[0].id]
  publicly_accessible          = false
  multi_az                     = coalesce(var.database.multi_az, local.protected)
  backup_retention_period      = coalesce(var.database.backup_days, local.protected ? 14 : 1)
  deletion_protection          = local.protected
  skip_final_snapshot          = !local.protected
  final_snapshot_identifier    = local.protected ? "${local.id}-final-${terraform_data.born[0].output}" : null
  auto_minor_version_upgrade   = true
  performance_insights_enabled = true

  tags = local.tags
}
