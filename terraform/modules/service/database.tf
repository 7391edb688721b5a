# A worker's own PostgreSQL. Its password is made and kept by Secrets Manager: it
# stands in no state file, and the driver reads it from PGPASSWORD.

locals {
  databases = var.manifest.store == "sql" && !local.lambda ? 1 : 0
  database  = replace(var.manifest.name, "-", "_")

  database_environment = local.databases == 0 ? {} : {
    DATABASE_URL = "postgres://${local.database}@${aws_db_instance.this[0].endpoint}/${local.database}?sslmode=require"
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
}

resource "aws_security_group" "database" {
  count = local.databases

  name        = "${local.id}-database"
  description = "PostgreSQL of ${var.manifest.name}, for the workers"
  vpc_id      = var.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = local.databases

  security_group_id            = aws_security_group.database[0].id
  description                  = "PostgreSQL, from the workers"
  referenced_security_group_id = var.network.security_group
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_instance" "this" {
  count = local.databases

  identifier                   = local.id
  engine                       = "postgres"
  engine_version               = "17"
  instance_class               = "db.t4g.micro"
  allocated_storage            = 20
  max_allocated_storage        = 100
  storage_type                 = "gp3"
  storage_encrypted            = true
  db_name                      = local.database
  username                     = local.database
  manage_master_user_password  = true
  db_subnet_group_name         = aws_db_subnet_group.this[0].name
  vpc_security_group_ids       = [aws_security_group.database[0].id]
  publicly_accessible          = false
  multi_az                     = local.prod
  backup_retention_period      = local.prod ? 14 : 1
  deletion_protection          = local.prod
  skip_final_snapshot          = !local.prod
  final_snapshot_identifier    = local.prod ? "${local.id}-final" : null
  auto_minor_version_upgrade   = true
  performance_insights_enabled = true
}
