# The whole of an environment, and what its variables refuse. It needs what `make build` makes.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "dev"
}

run "a_service_for_each_folder" {
  assert {
    condition     = toset(keys(module.service)) == toset([for file in fileset("../services", "*/service.json") : dirname(file)])
    error_message = "A folder has no service, or the other way round."
  }

  assert {
    condition     = length(module.bus.topic_arns) == length([for c in local.contracts : c if c.channel == "sns"]) && length(local.contracts) == length(fileset("../events", "*/*.v[0-9]*.schema.json"))
    error_message = "A schema has no event, or the other way round."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) >= length(local.manifests) && length(aws_sns_topic.alarms) == 0
    error_message = "The dashboard has no row for a service, or alarms go to nobody."
  }
}

run "alarms" {
  variables { alarm_email = "ops@example.com" }

  assert {
    condition     = aws_sns_topic_subscription.alarms[0].endpoint == "ops@example.com" && aws_kms_key.alarms[0].enable_key_rotation
    error_message = "Alarms do not reach their address."
  }
}

# Every event of the channel sns gets both kinds of subscribers.
run "people_and_webhooks" {
  variables {
    subscribers = {
      for file in fileset("../events", "*/*.v[0-9]*.schema.json") : jsondecode(file("../events/${file}"))["x-event"].type =>
      { emails = ["ann@example.com"], webhooks = ["https://example.com/hook"] }
      if jsondecode(file("../events/${file}"))["x-event"].channel == "sns"
    }
  }

  assert {
    condition = { for key, s in aws_sns_topic_subscription.outside : key => s.protocol } == merge([
      for event in keys(module.bus.topic_arns) : { "${event} ann@example.com" = "email", "${event} https://example.com/hook" = "https" }
    ]...)
    error_message = "Not all subscribers are subscribed to their event."
  }
}

run "project" {
  command = plan
  variables { project = "Troupe!" }
  expect_failures = [var.project]
}

run "environment" {
  command = plan
  variables { environment = "my-dev" }
  expect_failures = [var.environment]
}

run "region" {
  command = plan
  variables { region = "Frankfurt" }
  expect_failures = [var.region]
}

run "alarm_email" {
  command = plan
  variables { alarm_email = "ops" }
  expect_failures = [var.alarm_email]
}

run "log_days" {
  command = plan
  variables { retention = { log_days = 8 } }
  expect_failures = [var.retention]
}

run "archive_days" {
  command = plan
  variables { retention = { archive_days = 91 } }
  expect_failures = [var.retention]
}

run "override_of_nothing" {
  command = plan
  variables { overrides = { nosuch = {} } }
  expect_failures = [var.overrides]
}

run "override_max_functions" {
  command = plan
  variables { overrides = { for file in fileset("../services", "*/service.json") : dirname(file) => { max_functions = 1 } } }
  expect_failures = [var.overrides]
}

run "override_memory" {
  command = plan
  variables { overrides = { for file in fileset("../services", "*/service.json") : dirname(file) => { memory_mb = 64 } } }
  expect_failures = [var.overrides]
}

run "jwt" {
  command = plan
  variables { access = { jwt = { issuer = "http://login.example.com", audience = ["api"] } } }
  expect_failures = [var.access]
}

run "audience" {
  command = plan
  variables { access = { jwt = { issuer = "https://login.example.com", audience = [] } } }
  expect_failures = [var.access]
}

run "subscribers_of_no_event" {
  command = plan
  variables { subscribers = { "no.such.v1" = { emails = ["ann@example.com"] } } }
  expect_failures = [var.subscribers]
}

run "a_region_of_another_partition" {
  variables { region = "eusc-de-east-1" }

  assert {
    condition     = output.region == "eusc-de-east-1"
    error_message = "The region is refused."
  }
}

run "protection_unanswered" {
  command = plan
  variables { environment = "staging" }
  expect_failures = [var.protection]
}

run "protection_answered" {
  command = plan
  variables {
    environment = "staging"
    protection  = { enabled = false }
  }
}

run "config_that_lambda_refuses" {
  command = plan
  variables { overrides = { for file in fileset("../services", "*/service.json") : dirname(file) => { config = { "a-b" = "1" } } } }
  expect_failures = [var.overrides]
}

run "tasks" {
  command = plan
  variables { overrides = { for file in fileset("../services", "*/service.json") : dirname(file) => { min_tasks = 5 } } }
  expect_failures = [var.overrides]
}

run "cpu" {
  command = plan
  variables { overrides = { for file in fileset("../services", "*/service.json") : dirname(file) => { cpu = 300 } } }
  expect_failures = [var.overrides]
}

run "publishers" {
  command = plan
  variables { access = { publishers = ["acme"] } }
  expect_failures = [var.access]
}

run "cidr" {
  command = plan
  variables { network = { cidr = "10.0.0.0/29" } }
  expect_failures = [var.network]
}

run "a_subnet_alone" {
  command = plan
  variables { network = { subnet_ids = ["subnet-1"] } }
  expect_failures = [var.network]
}

run "storage" {
  command = plan
  variables { database = { storage_gb = 200 } }
  expect_failures = [var.database]
}
