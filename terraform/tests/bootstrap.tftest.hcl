# What has to be there before the first team deploy.

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  project = "troupe"
}

run "the_state" {
  command = plan
  module { source = "./bootstrap" }

  assert {
    condition     = aws_s3_bucket.state.bucket == "${var.project}-terraform-123456789012" && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    error_message = "The state could be lost, or seen."
  }

  assert {
    condition     = strcontains(output.backend, "use_lockfile = true") && length(output.role_arns) == 0
    error_message = "Two deploys could write the state at a time, or workflows may deploy that nobody named."
  }
}

run "workflows" {
  command = plan
  module { source = "./bootstrap" }
  variables { github_repository = "acme/troupe" }

  assert {
    condition     = keys(output.role_arns) == ["deploy", "plan"] && endswith(aws_iam_role_policy_attachment.github["plan"].policy_arn, ":policy/ReadOnlyAccess")
    error_message = "A pull request may do more than read."
  }
}

run "project" {
  command = plan
  module { source = "./bootstrap" }
  variables { project = "Troupe!" }
  expect_failures = [var.project]
}

run "repository" {
  command = plan
  module { source = "./bootstrap" }
  variables { github_repository = "buoy" }
  expect_failures = [var.github_repository]
}
