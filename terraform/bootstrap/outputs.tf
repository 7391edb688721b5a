output "backend" {
  description = "Write this to terraform/backend.tf; the key of each environment's state comes from -backend-config."
  value       = <<-EOT
    terraform {
      backend "s3" {
        bucket       = "${aws_s3_bucket.state.id}"
        region       = "${var.region}"
        encrypt      = true
        use_lockfile = true
      }
    }
  EOT
}

output "bucket" {
  description = "Where the state is kept."
  value       = aws_s3_bucket.state.id
}

output "role_arns" {
  description = "Roles that the workflows take: variables AWS_PLAN_ROLE and AWS_DEPLOY_ROLE of the repository."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}
