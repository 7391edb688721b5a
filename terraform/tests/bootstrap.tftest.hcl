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
    condition     = keys(output.role_arns) == ["dev", "plan", "prod"] && keys(aws_iam_role_policy_attachment.deploy) == ["dev", "prod"] && keys(aws_iam_role_policy_attachment.unnamed) == ["dev", "prod"]
    error_message = "There is not one role for each environment, or pull requests may deploy."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 1
    error_message = "Nobody could take the roles."
  }
}

run "a_provider_that_exists" {
  command = plan
  module { source = "./bootstrap" }
  variables {
    github_repository      = "acme/troupe"
    github_provider_exists = true
    environments           = ["prod"]
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && keys(output.role_arns) == ["plan", "prod"]
    error_message = "GitHub's provider would be made a second time, or the account has roles for other environments."
  }
}

run "environments" {
  command = plan
  module { source = "./bootstrap" }
  variables { environments = ["plan"] }
  expect_failures = [var.environments]
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
