# As many tasks as the backlog asks for: the measure is the backlog of one task, so
# that the target says how long a message may wait.

resource "aws_appautoscaling_target" "this" {
  count = local.listening ? local.workers : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.network.cluster.name}/${aws_ecs_service.this[0].name}"
  min_capacity       = var.override.min_tasks
  max_capacity       = var.override.max_tasks

  tags = local.tags
}

resource "aws_appautoscaling_policy" "backlog" {
  count = local.listening ? local.workers : 0

  name               = "${local.id}-backlog-per-task"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = local.backlog_per_task
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    customized_metric_specification {
      metrics {
        id          = "backlog"
        label       = "Messages that wait"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/SQS"
            metric_name = "ApproximateNumberOfMessagesVisible"

            dimensions {
              name  = "QueueName"
              value = local.id
            }
          }
        }
      }

      metrics {
        id          = "tasks"
        label       = "Tasks that run"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "ECS/ContainerInsights"
            metric_name = "RunningTaskCount"

            dimensions {
              name  = "ClusterName"
              value = var.network.cluster.name
            }

            dimensions {
              name  = "ServiceName"
              value = local.id
            }
          }
        }
      }

      metrics {
        id          = "backlog_per_task"
        label       = "Backlog of one task"
        expression  = "backlog / IF(FILL(tasks, 1) > 0, FILL(tasks, 1), 1)"
        return_data = true
      }
    }
  }
}
