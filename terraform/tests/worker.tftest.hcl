# A service that runs as containers.

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name        = "troupe-dev"
  environment = "dev"
  bus         = { name = "troupe-dev", arn = "arn:aws:events:eu-central-1:123456789012:event-bus/troupe-dev" }
  topic_arns  = {}
  retention   = { log_days = 7 }
  artifact    = "tests/worker.tftest.hcl" # any file
  contracts   = { "wave.measured.v1" = { producer = "buoy", channel = "eventbridge" } }
  network = {
    vpc_id          = "vpc-1"
    subnet_ids      = ["subnet-1", "subnet-2"]
    security_group  = "sg-1"
    security_groups = ["sg-1"]
    cluster         = { name = "troupe-dev", arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/troupe-dev" }
  }
  manifest = {
    name        = "harbour"
    description = "For the test."
    runtime     = "worker"
    subscribes  = [{ event = "wave.measured.v1" }]
    queue       = { acceptable_delay_seconds = 30 }
    rate        = 20
    memory_mb   = 600
    store       = "sql"
  }
}

run "a_worker" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_ecs_task_definition.this[0].runtime_platform[0].cpu_architecture == "ARM64" && aws_ecs_task_definition.this[0].cpu == "256" && aws_ecs_task_definition.this[0].memory == "1024"
    error_message = "The task is not the smallest of Fargate's that holds it, on arm64."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].healthCheck.command == ["CMD", "/service", "-healthy"] && length([for e in jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].environment : e if e.name == "HEALTH_FILE"]) == 1
    error_message = "A worker that hangs would run on."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].mountPoints[0].containerPath == "/tmp"
    error_message = "The task can write elsewhere than to /tmp."
  }

  assert {
    condition     = strcontains(jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].image, "@")
    error_message = "The image is not named by its digest."
  }

  assert {
    condition     = aws_ecs_service.this[0].deployment_circuit_breaker[0].rollback && aws_ecs_service.this[0].desired_count == 1
    error_message = "A deployment that fails would not go back by itself."
  }

  assert {
    condition     = aws_ecr_repository.this[0].image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this[0].encryption_configuration[0].encryption_type == "KMS"
    error_message = "An image could be replaced under its name."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.tasks) == 1 && keys(aws_cloudwatch_metric_alarm.queue) == ["dead-letters", "undelivered"] && aws_cloudwatch_metric_alarm.backlog[0].threshold == 150 && keys(aws_cloudwatch_metric_alarm.database) == ["database-credits", "database-storage"] && keys(aws_cloudwatch_metric_alarm.lost) == ["lost"]
    error_message = "Something could go wrong unseen."
  }

  assert {
    condition     = length(aws_lambda_function.this) == 0 && length(aws_lambda_event_source_mapping.this) == 0 && output.function == null
    error_message = "A worker has what only functions need."
  }
}

run "scaling" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration[0].target_value == 600
    error_message = "A task's backlog should be what it does in the acceptable delay: 20 a second for 30 seconds."
  }

  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 1 && aws_appautoscaling_target.this[0].max_capacity == 4
    error_message = "There should be one task at least and four at most."
  }
}

run "more_tasks" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { max_tasks = 20 } }

  assert {
    condition     = aws_appautoscaling_target.this[0].max_capacity == 20
    error_message = "The environment does not come before the manifest."
  }
}

run "the_boundary" {
  command = plan
  module { source = "./modules/service" }
  variables { deployment = { permissions_boundary = "troupe-boundary" } }

  assert {
    condition     = alltrue([for role in [aws_iam_role.this, aws_iam_role.execution[0]] : role.permissions_boundary == "arn:aws:iam::123456789012:policy/troupe-boundary"])
    error_message = "A role is made without the boundary: workflows can't make it."
  }
}

run "the_database" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].manage_master_user_password
    error_message = "The database is in the open, or its password is in the state."
  }

  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot
    error_message = "Outside of prod the database should go with its environment."
  }

  assert {
    condition     = aws_secretsmanager_secret_rotation.this[0].rotation_rules[0].automatically_after_days == 1000 && !aws_secretsmanager_secret_rotation.this[0].rotate_immediately
    error_message = "A rotation would cut off the tasks that run."
  }
}

run "the_database_in_prod" {
  command = plan
  module { source = "./modules/service" }
  variables {
    name        = "troupe-live"
    environment = "live"
    protection  = { enabled = true }
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].multi_az && aws_db_instance.this[0].backup_retention_period == 14 && !aws_db_instance.this[0].skip_final_snapshot
    error_message = "In prod the database could be lost."
  }
}

# An environment that goes, goes as a whole: images, and a last snapshot under a name that no earlier one has (a Go test
# looks at the name, which is known once it is made).
run "the_end_of_what_is_protected" {
  command = plan
  module { source = "./modules/service" }
  variables { protection = { enabled = true } }

  assert {
    condition     = aws_ecr_repository.this[0].force_delete && length(terraform_data.born) == 1
    error_message = "The repository, or the snapshot of another time, would be in the way."
  }
}

run "sizes" {
  command = plan
  module { source = "./modules/service" }
  variables {
    override = { cpu = 1024, min_tasks = 2, max_tasks = 8, rate = 40 }
    database = { class = "db.m7g.large", storage_gb = 100, max_storage_gb = 500, multi_az = true, backup_days = 7 }
  }

  assert {
    condition     = aws_ecs_task_definition.this[0].cpu == "1024" && aws_ecs_task_definition.this[0].memory == "2048" && aws_appautoscaling_target.this[0].min_capacity == 2 && aws_ecs_service.this[0].desired_count == 2
    error_message = "The task or their number is not what was asked for."
  }

  assert {
    condition     = aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration[0].target_value == 1200
    error_message = "The scaling believes in another rate than the worker."
  }

  assert {
    condition     = aws_db_instance.this[0].instance_class == "db.m7g.large" && aws_db_instance.this[0].multi_az && aws_db_instance.this[0].backup_retention_period == 7 && keys(aws_cloudwatch_metric_alarm.database) == ["database-storage"]
    error_message = "The database is not what was asked for."
  }
}

run "a_rate_among_the_settings" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { config = { RATE = "40" } } }

  assert {
    condition     = aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration[0].target_value == 1200
    error_message = "The scaling believes in another rate than the worker."
  }
}

run "much_memory" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { memory_mb = 9000 } }

  assert {
    condition     = aws_ecs_task_definition.this[0].cpu == "2048" && aws_ecs_task_definition.this[0].memory == "9216"
    error_message = "Fargate offers at most 4 GB with half a CPU."
  }
}

run "too_much_memory" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { memory_mb = 9000, cpu = 512 } }
  expect_failures = [aws_ecs_task_definition.this]
}

run "a_reserved_name" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "user", description = "For the test.", runtime = "worker", store = "sql" } }

  assert {
    condition     = aws_db_instance.this[0].username == "user_service" && aws_db_instance.this[0].db_name == "user_service"
    error_message = "RDS refuses this name of a user."
  }
}

run "a_database_that_is_who_it_says" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = one([for v in jsondecode(aws_ecs_task_definition.this[0].container_definitions)[0].environment : v.value if v.name == "DATABASE_URL"]) == "postgres://harbour@mocked.eu-central-1.rds.amazonaws.com:5432/harbour?sslmode=verify-full&sslrootcert=/etc/ssl/certs/rds.pem"
    error_message = "Somebody between the two could read along."
  }
}

run "a_network_of_yours" {
  command = plan
  module { source = "./modules/service" }
  variables {
    network = {
      vpc_id          = "vpc-1"
      subnet_ids      = ["subnet-1", "subnet-2"]
      security_group  = "sg-1"
      security_groups = ["sg-1"]
      public_ip       = false
      cluster         = { name = "troupe-dev", arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/troupe-dev" }
    }
  }

  assert {
    condition     = !aws_ecs_service.this[0].network_configuration[0].assign_public_ip
    error_message = "Tasks of a private subnet would get public addresses."
  }
}

run "a_worker_without_a_queue" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "clock", description = "For the test.", runtime = "worker" } }

  assert {
    condition     = length(aws_appautoscaling_policy.backlog) == 0 && length(aws_ecs_service.this) == 1 && length(aws_db_instance.this) == 0
    error_message = "It scales by a backlog that it does not have."
  }
}

run "the_image_is_missing" {
  command = plan
  module { source = "./modules/service" }
  variables { artifact = "no/such.digest" }

  expect_failures = [aws_ecs_task_definition.this]
}

run "routes_to_a_worker" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "harbour", description = "For the test.", runtime = "worker", http = ["GET /ships"] } }

  expect_failures = [aws_ecs_task_definition.this]
}
