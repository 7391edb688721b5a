# The HTTP API.

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name      = "troupe-dev"
  retention = { log_days = 7 }
  access    = { cors_origins = [], requests_per_second = 100, burst = 200 }
  routes = {
    "POST /lamps"     = { name = "troupe-dev-lighthouse", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:lighthouse/invocations" }
    "GET /lamps/{id}" = { name = "troupe-dev-lighthouse", invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:lighthouse/invocations" }
  }
}

run "open" {
  command = plan
  module { source = "./modules/api" }

  assert {
    condition     = length(aws_apigatewayv2_route.this) == 2 && length(aws_apigatewayv2_integration.this) == 1 && aws_apigatewayv2_integration.this["troupe-dev-lighthouse"].payload_format_version == "2.0"
    error_message = "There is not one route for each of the manifests', and one integration for each function."
  }

  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0 && length(aws_apigatewayv2_authorizer.jwt) == 0
    error_message = "CORS and JWT should be off where nobody asked for them."
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 100 && aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit == 200
    error_message = "The API is not throttled."
  }

  assert {
    condition     = length(aws_apigatewayv2_stage.this.access_log_settings) == 1 && aws_cloudwatch_log_group.this.retention_in_days == 7
    error_message = "Nobody would know who called."
  }

  assert {
    condition     = endswith(aws_lambda_permission.this["GET /lamps/{id}"].source_arn, "/*/GET/lamps/*") && endswith(aws_lambda_permission.this["POST /lamps"].source_arn, "/*/POST/lamps")
    error_message = "The function can be invoked by another route."
  }
}

run "guarded" {
  command = plan
  module { source = "./modules/api" }
  variables {
    access = {
      jwt                 = { issuer = "https://login.example.com/", audience = ["buoy"] }
      cors_origins        = ["https://sea.example.com"]
      requests_per_second = 100
      burst               = 200
    }
  }

  assert {
    condition     = alltrue([for route in values(aws_apigatewayv2_route.this) : route.authorization_type == "JWT"])
    error_message = "A route is open."
  }

  assert {
    condition     = aws_apigatewayv2_api.this.cors_configuration[0].allow_methods == toset(["GET", "POST"]) && aws_apigatewayv2_api.this.cors_configuration[0].allow_origins == toset(["https://sea.example.com"])
    error_message = "Browsers may do more than the routes, or from elsewhere."
  }
}

run "a_key_of_your_own" {
  command = plan
  module { source = "./modules/api" }
  variables { key_arn = "arn:aws:kms:eu-central-1:123456789012:key/own" }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/own"
    error_message = "The access log is encrypted by another key."
  }
}

run "failures" {
  command = plan
  module { source = "./modules/api" }
  variables { alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:alarms" }

  assert {
    condition     = aws_cloudwatch_metric_alarm.errors.metric_name == "5xx" && length(aws_cloudwatch_metric_alarm.errors.alarm_actions) == 1
    error_message = "Nobody would know that the API fails."
  }
}

run "a_name" {
  command = plan
  module { source = "./modules/api" }
  variables {
    access = { cors_origins = [], requests_per_second = 100, burst = 200, domain = { name = "sea.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" } }
  }

  assert {
    condition     = aws_apigatewayv2_domain_name.this[0].domain_name == "sea.example.com" && length(aws_apigatewayv2_api_mapping.this) == 1
    error_message = "The API has no name of its own."
  }
}

run "a_trailing_slash" {
  command = plan
  module { source = "./modules/api" }
  variables { routes = { "GET /lamps/" = { name = "troupe-dev-lighthouse", invoke_arn = "arn" } } }
  expect_failures = [var.routes]
}

run "part_of_a_variable" {
  command = plan
  module { source = "./modules/api" }
  variables { routes = { "GET /lamps/{id}.json" = { name = "troupe-dev-lighthouse", invoke_arn = "arn" } } }
  expect_failures = [var.routes]
}

run "a_variable_in_a_part" {
  command = plan
  module { source = "./modules/api" }
  variables { routes = { "GET /a{b}" = { name = "troupe-dev-lighthouse", invoke_arn = "arn" } } }
  expect_failures = [var.routes]
}

run "a_variable_that_takes_all_of_the_rest" {
  command = plan
  module { source = "./modules/api" }
  variables { routes = { "GET /{rest+}/lamps" = { name = "troupe-dev-lighthouse", invoke_arn = "arn" } } }
  expect_failures = [var.routes]
}

run "the_same_route_twice" {
  command = plan
  module { source = "./modules/api" }
  variables { routes = { "GET /lamps/{id}" = { name = "troupe-dev-lighthouse", invoke_arn = "arn" }, "GET /lamps/{name}" = { name = "troupe-dev-harbour", invoke_arn = "arn" } } }
  expect_failures = [var.routes]
}
