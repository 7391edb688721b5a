output "region" {
  description = "The region."
  value       = var.region
}

output "account_id" {
  description = "The AWS account."
  value       = data.aws_caller_identity.current.account_id
}

output "event_bus_name" {
  description = "The bus."
  value       = module.bus.bus.name
}

output "archive_arn" {
  description = "The bus's archive, for replays."
  value       = module.bus.archive_arn
}

output "topic_arn_prefix" {
  description = "The beginning of every topic's ARN; the event's type with dashes follows."
  value       = "arn:${data.aws_partition.current.partition}:sns:${var.region}:${data.aws_caller_identity.current.account_id}:${local.name}-"
}

output "api_url" {
  description = "URL of the HTTP API; null if no service has routes."
  value       = one(module.api[*].url)
}

output "domain_target" {
  description = "Target for the DNS record of access.domain."
  value       = one(module.api[*].domain_target)
}

output "task_definitions" {
  description = "Current task definition of each worker, by service."
  value       = { for name, service in module.service : name => service.task_definition if service.task_definition != null }
}

output "queue_urls" {
  description = "URLs of the queues by service: main, dead_letter, undelivered."
  value       = { for name, service in module.service : name => service.queues if service.queues != null }
}

output "rule_arns" {
  description = "ARNs of the rules, by service and event type."
  value       = { for name, service in module.service : name => service.rule_arns }
}

output "log_groups" {
  description = "Log groups by service; \"events\" is the bus's own."
  value       = merge({ for name, service in module.service : name => service.log_group }, { events = module.bus.log_group })
}

output "repository_urls" {
  description = "Image repositories of workers, by service."
  value       = { for name, service in module.service : name => service.repository_url if service.repository_url != null }
}
