output "bus" {
  description = "Name and ARN of the bus."
  value       = { name = aws_cloudwatch_event_bus.this.name, arn = aws_cloudwatch_event_bus.this.arn }
}

output "archive_arn" {
  description = "ARN of the archive, for replays; null if there is none."
  value       = one(aws_cloudwatch_event_archive.this[*].arn)
}

output "topic_arns" {
  description = "ARN of each topic, by event type."
  value       = { for type, topic in aws_sns_topic.this : type => topic.arn }
}

output "log_group" {
  description = "Name of the log group that holds every event."
  value       = aws_cloudwatch_log_group.events.name
}
