# What can be tried only with known events and services: those of scripts/internal/fixture, in whose copy of the Terraform
# code this file lies for the test.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment = "dev"
}

run "the_fixture" {
  assert {
    condition     = keys(module.service) == ["buoy", "gull", "harbour", "lighthouse", "pilot"] && keys(module.bus.topic_arns) == ["fog.seen.v1", "storm.warned.v1"]
    error_message = "These are other services than the fixture's."
  }
}

run "subscribers" {
  variables {
    subscribers = {
      "storm.warned.v1" = { emails = ["ann@example.com"], webhooks = ["https://example.com/hook"] }
      "fog.seen.v1"     = { emails = ["ann@example.com"] }
    }
  }

  assert {
    condition = { for key, s in aws_sns_topic_subscription.outside : key => s.protocol } == {
      "storm.warned.v1 ann@example.com"          = "email"
      "storm.warned.v1 https://example.com/hook" = "https"
      "fog.seen.v1 ann@example.com"              = "email"
    }
    error_message = "Not all subscribers are subscribed to their event."
  }
}

run "subscribers_of_an_event_of_the_bus" {
  command = plan
  variables { subscribers = { "lamp.lit.v1" = {} } }
  expect_failures = [var.subscribers]
}

run "subscribers_of_a_reminder" {
  command = plan
  variables { subscribers = { "berth.checked.v1" = {} } }
  expect_failures = [var.subscribers]
}

run "email" {
  command = plan
  variables { subscribers = { "fog.seen.v1" = { emails = ["ann"] } } }
  expect_failures = [var.subscribers]
}

run "webhook" {
  command = plan
  variables { subscribers = { "fog.seen.v1" = { webhooks = ["http://example.com"] } } }
  expect_failures = [var.subscribers]
}

run "override" {
  variables { overrides = { harbour = { memory_mb = 512, config = { BERTHS = "3" } } } }

  assert {
    condition     = module.service["harbour"].function != null
    error_message = "A service that is overridden is gone."
  }
}

run "an_open_api" {
  command = plan
  variables {
    environment = "live"
    protection  = { enabled = true }
  }
  expect_failures = [var.access]
}

run "an_open_api_on_purpose" {
  command = plan
  variables {
    environment = "live"
    protection  = { enabled = true }
    access      = { public = true }
  }
}

run "instances_of_a_worker" {
  command = plan
  variables { overrides = { pilot = { provisioned_concurrency = 1 } } }
  expect_failures = [var.overrides]
}

run "what_changes_no_function" {
  command = plan
  variables { overrides = { harbour = { max_tasks = 3 } } }
  expect_failures = [var.overrides]
}
