output "vpc_id" {
  description = "The network."
  value       = local.vpc_id
}

output "subnet_ids" {
  description = "Its subnets, in two availability zones."
  value       = local.subnet_ids
}

output "public_ip" {
  description = "Whether tasks get addresses of their own."
  value       = coalesce(var.network.public_ip, local.own == 1)
}

output "security_group" {
  description = "Group of the workers."
  value       = aws_security_group.workers.id
}

output "security_groups" {
  description = "All groups that workers, and functions in the VPC, are in: this one and those that were given."
  value       = concat([aws_security_group.workers.id], var.network.security_group_ids)
}

output "cluster" {
  description = "Name and ARN of the ECS cluster."
  value       = { name = aws_ecs_cluster.this.name, arn = aws_ecs_cluster.this.arn }
}

output "zones" {
  description = "The availability zones of its own subnets."
  value       = aws_subnet.this[*].availability_zone
}
