# One HTTP API in front of every service that has routes.

locals {
  functions = { for f in values(var.routes) : f.name => f... }
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = "HTTP"

  dynamic "cors_configuration" {
    for_each = length(var.access.cors_origins) > 0 ? [1] : []

    content {
      allow_origins = var.access.cors_origins
      allow_methods = distinct([for route in keys(var.routes) : split(" ", route)[0]])
      allow_headers = ["authorization", "content-type", "idempotency-key", "x-correlation-id"]
      max_age       = 3600
    }
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = var.access.jwt == null ? 0 : 1

  api_id           = aws_apigatewayv2_api.this.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.access.jwt.issuer
    audience = var.access.jwt.audience
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.functions

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value[0].invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.name].id}"
  authorization_type = var.access.jwt == null ? "NONE" : "JWT"
  authorizer_id      = var.access.jwt == null ? null : aws_apigatewayv2_authorizer.jwt[0].id
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.access.requests_per_second
    throttling_burst_limit = var.access.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.this.arn
    format = jsonencode({
      requestId    = "$context.requestId"
      time         = "$context.requestTimeEpoch"
      route        = "$context.routeKey"
      status       = "$context.status"
      milliseconds = "$context.responseLatency"
      ip           = "$context.identity.sourceIp"
      error        = "$context.integrationErrorMessage"
    })
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.retention.log_days
  kms_key_id        = var.key_arn
}

resource "aws_lambda_permission" "this" {
  for_each = var.routes

  statement_id  = "api-${md5(each.key)}"
  function_name = each.value.name
  qualifier     = each.value.qualifier
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/${replace(replace(each.key, " ", ""), "/{[^}]*}/", "*")}"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${var.name}-api-errors"
  alarm_description   = "The HTTP API responds with 5xx. See its log group and those of the functions"
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.this.id }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

# A name of your own. Its DNS record is yours: an alias, or a CNAME, to the output domain_target.
resource "aws_apigatewayv2_domain_name" "this" {
  count = var.access.domain == null ? 0 : 1

  domain_name = var.access.domain.name

  domain_name_configuration {
    certificate_arn = var.access.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.access.domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.this.id
}
