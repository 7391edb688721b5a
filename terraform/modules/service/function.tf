# The service as a Lambda function.

resource "aws_cloudwatch_log_group" "this" {
  name              = local.lambda ? "/aws/lambda/${local.id}" : "/${trimsuffix(var.name, "-${var.environment}")}/${var.environment}/${var.manifest.name}"
  retention_in_days = var.retention.log_days
  kms_key_id        = local.key_arn

  tags = local.tags
}

resource "aws_lambda_function" "this" {
  count = local.lambda ? 1 : 0

  function_name    = local.id
  description      = substr(var.manifest.description, 0, 256) # the longest that Lambda takes
  role             = aws_iam_role.this.arn
  runtime          = "provided.al2023"
  architectures    = ["arm64"]
  handler          = "bootstrap"
  filename         = var.artifact
  source_code_hash = fileexists(var.artifact) ? filebase64sha256(var.artifact) : null
  timeout          = var.manifest.timeout_seconds
  publish          = true
  memory_size      = local.memory_mb

  environment {
    variables = local.environment
  }

  dynamic "vpc_config" {
    for_each = var.override.vpc ? [1] : []

    content {
      subnet_ids         = var.network.subnet_ids
      security_group_ids = var.network.security_groups
    }
  }

  tracing_config {
    mode = var.deployment.tracing ? "Active" : "PassThrough" # it bills, and shows nothing that the console does not
  }

  logging_config {
    log_format = "Text" # the lines are JSON already; Lambda's own envelope would hide them
    log_group  = aws_cloudwatch_log_group.this.name
  }

  lifecycle {
    precondition {
      condition     = fileexists(var.artifact)
      error_message = "${var.artifact} is missing: run `make build` first."
    }
  }

  depends_on = [aws_iam_role_policy.this]

  tags = local.tags
}

# Every deploy is a version of its own, and the alias says which one runs: it can be put back in a second.
resource "aws_lambda_alias" "live" {
  count = local.lambda ? 1 : 0

  name             = "live"
  function_name    = aws_lambda_function.this[0].function_name
  function_version = aws_lambda_function.this[0].version
}

# Instances that are started before anybody asks: they cost while they wait.
resource "aws_lambda_provisioned_concurrency_config" "this" {
  count = local.lambda && var.override.provisioned_concurrency > 0 ? 1 : 0

  function_name                     = aws_lambda_function.this[0].function_name
  qualifier                         = aws_lambda_alias.live[0].name
  provisioned_concurrent_executions = var.override.provisioned_concurrency
}

resource "aws_lambda_event_source_mapping" "this" {
  count = local.lambda && local.listening ? 1 : 0

  function_name                      = aws_lambda_alias.live[0].arn
  event_source_arn                   = aws_sqs_queue.main[0].arn
  batch_size                         = var.manifest.queue.batch
  maximum_batching_window_in_seconds = var.manifest.queue.window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = local.max_functions
  }

  tags = local.tags
}
