output "backend" {
  description = "Write this to terraform/backend.tf, once for all accounts."
  value       = <<-EOT
    terraform {
      backend "s3" {
        encrypt      = true
        use_lockfile = true
      }
    }
  EOT
}

output "tfbackend" {
  description = "Write this to terraform/env/ENV.tfbackend, for each environment of this account."
  value       = <<-EOT
    bucket = "${aws_s3_bucket.state.id}"
    region = "${var.region}"
  EOT
}

output "permissions_boundary" {
  description = "Write this to terraform/env/ENV.tfvars, for each environment of this account: deployment = { permissions_boundary = \"…\" }. Workflows can't create a role without it."
  value       = aws_iam_policy.boundary.name
}

output "bucket" {
  description = "Bucket of the state."
  value       = aws_s3_bucket.state.id
}

output "role_arns" {
  description = "Roles that the workflows assume, by environment; plan is for pull requests. They are the variables AWS_DEPLOY_ROLE of each GitHub environment and AWS_PLAN_ROLE of the repository."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}
