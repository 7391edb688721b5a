output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Its subnets, in two availability zones."
  value       = aws_subnet.this[*].id
}

output "security_group" {
  description = "Group of the workers."
  value       = aws_security_group.workers.id
}

output "cluster" {
  description = "Name and ARN of the ECS cluster."
  value       = { name = aws_ecs_cluster.this.name, arn = aws_ecs_cluster.this.arn }
}
