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
    vpc_id         = "vpc-1"
    subnet_ids     = ["subnet-1", "subnet-2"]
    security_group = "sg-1"
    cluster        = { name = "troupe-dev", arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/troupe-dev" }
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
    condition     = length(aws_cloudwatch_metric_alarm.tasks) == 1 && keys(aws_cloudwatch_metric_alarm.queue) == ["backlog-age", "dead-letters", "undelivered"] && aws_cloudwatch_metric_alarm.queue["backlog-age"].threshold == 150
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
    name        = "troupe-prod"
    environment = "prod"
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].multi_az && aws_db_instance.this[0].final_snapshot_identifier == "troupe-prod-harbour-final"
    error_message = "In prod the database could be lost."
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
