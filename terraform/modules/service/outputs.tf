output "name" {
  description = "Name of the function, task, table and queue: <project>-<environment>-<service>."
  value       = local.id
}

output "queues" {
  description = "URLs of the queue, its dead-letter queue and the queue of what could not be delivered; null for a service that subscribes to nothing."
  value = local.listening ? {
    main        = aws_sqs_queue.main[0].url
    dead_letter = aws_sqs_queue.dead_letter[0].url
    undelivered = aws_sqs_queue.undelivered[0].url
  } : null
}

output "queue_arn" {
  description = "ARN of the queue, the target of replays, or null."
  value       = local.listening ? aws_sqs_queue.main[0].arn : null
}

output "rule_arns" {
  description = "ARN of each rule, by event type, to limit a replay."
  value       = { for type, rule in aws_cloudwatch_event_rule.this : type => rule.arn }
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "function" {
  description = "Name and ARN of the function, and the alias that is invoked; null for a worker."
  value = local.lambda ? {
    name       = aws_lambda_function.this[0].function_name
    arn        = aws_lambda_function.this[0].arn
    invoke_arn = aws_lambda_alias.live[0].invoke_arn
    qualifier  = aws_lambda_alias.live[0].name
  } : null
}

output "repository_url" {
  description = "Image repository of a worker; null for a function."
  value       = local.lambda ? null : aws_ecr_repository.this[0].repository_url
}

output "task_definition" {
  description = "ARN of the task definition that a worker should run; null for a function."
  value       = local.lambda ? null : aws_ecs_task_definition.this[0].arn
}
