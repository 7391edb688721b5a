# The service as containers that poll their queue. Nothing reaches them: they only
# call out.

locals {
  workers = local.lambda ? 0 : 1

  # A task may leave behind what it can do in the time that a message may wait. Without a
  # rate, ten messages a second are assumed.
  backlog_per_task = coalesce(local.rate, 10) * var.manifest.queue.acceptable_delay_seconds

  # What Fargate offers: by units of CPU, the least and the most memory, in steps of 1024 MB.
  fargate = {
    256  = { least = 512, most = 2048 }
    512  = { least = 1024, most = 4096 }
    1024 = { least = 2048, most = 8192 }
    2048 = { least = 4096, most = 16384 }
    4096 = { least = 8192, most = 30720 }
  }
  cpu    = coalesce(var.override.cpu, [for cpu in [256, 512, 1024, 2048, 4096] : cpu if local.fargate[cpu].most >= local.memory_mb][0])
  memory = local.cpu == 256 && local.memory_mb <= 512 ? 512 : max(local.fargate[local.cpu].least, ceil(local.memory_mb / 1024) * 1024)
}

resource "aws_ecs_task_definition" "this" {
  count = local.workers

  family                   = local.id
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = local.cpu
  memory                   = local.memory
  task_role_arn            = aws_iam_role.this.arn
  execution_role_arn       = aws_iam_role.execution[0].arn

  volume {
    name = "tmp" # the only folder that a task can write to
  }

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  container_definitions = jsonencode([{
    name                   = var.manifest.name
    image                  = "${aws_ecr_repository.this[0].repository_url}@${fileexists(var.artifact) ? trimspace(file(var.artifact)) : "sha256:missing"}"
    essential              = true
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    stopTimeout            = 120 # the longest drain that Fargate allows
    environment = [
      for key, value in merge(local.environment, local.database_environment, local.listening ? { HEALTH_FILE = "/tmp/healthy" } : {}) : { name = key, value = value }
    ]
    secrets = local.database_secrets
    healthCheck = local.listening ? { # a worker that no longer polls is replaced
      command     = ["CMD", "/service", "-healthy"]
      interval    = 30
      timeout     = 10
      retries     = 3
      startPeriod = 60
    } : null
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = var.manifest.name
      }
    }
  }])

  lifecycle {
    create_before_destroy = true # a deployment that fails goes back to the one before

    precondition {
      condition     = fileexists(var.artifact)
      error_message = "${var.artifact} is missing: run `make build` first."
    }

    precondition {
      condition     = local.memory <= local.fargate[local.cpu].most
      error_message = "${var.manifest.name}: Fargate offers at most ${local.fargate[local.cpu].most} MB with ${local.cpu} units of CPU, and memory_mb is ${local.memory_mb}."
    }

    precondition {
      condition     = length(var.manifest.http) == 0
      error_message = "${var.manifest.name}: the HTTP API reaches functions only; give the routes to a service with the runtime lambda."
    }
  }

  tags = local.tags
}

resource "aws_ecs_service" "this" {
  count = local.workers

  name            = local.id
  cluster         = var.network.cluster.arn
  task_definition = aws_ecs_task_definition.this[0].arn
  launch_type     = "FARGATE"
  desired_count   = var.override.min_tasks
  propagate_tags  = "SERVICE"

  wait_for_steady_state = true # what follows, and the alarm, is not for the old tasks

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.network.subnet_ids
    security_groups  = var.network.security_groups
    assign_public_ip = var.network.public_ip # to reach AWS without a NAT gateway; nothing is let in
  }

  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.execution] # or the first tasks may nothing

  lifecycle {
    ignore_changes = [desired_count] # that is the scaling's
  }

  tags = local.tags
}
