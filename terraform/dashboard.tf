# One page for the whole system: a row a service, with what came in, what waits,
# what failed.

locals {
  rows = [for index, name in sort(keys(local.manifests)) : [
    for column, widget in [
      {
        title   = "${name}: waiting and dead letters"
        metrics = [for queue in ["", "-dlq", "-undelivered"] : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${local.name}-${name}${queue}"]]
        stat    = "Maximum"
        shown   = length(local.manifests[name].subscribes) > 0
      },
      {
        title   = "${name}: age of the oldest message, seconds"
        metrics = [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "${local.name}-${name}"]]
        stat    = "Maximum"
        shown   = length(local.manifests[name].subscribes) > 0
      },
      {
        title = "${name}: runs, errors, throttles"
        metrics = local.manifests[name].runtime == "lambda" ? [
          for metric in ["Invocations", "Errors", "Throttles"] : ["AWS/Lambda", metric, "FunctionName", "${local.name}-${name}"]
          ] : [
          ["ECS/ContainerInsights", "RunningTaskCount", "ClusterName", local.name, "ServiceName", "${local.name}-${name}"]
        ]
        stat  = "Sum"
        shown = true
      },
      ] : {
      type   = "metric"
      x      = column * 8
      y      = index * 6
      width  = 8
      height = 6
      properties = {
        title   = widget.title
        region  = var.region
        metrics = widget.metrics
        stat    = widget.stat
        period  = 60
        view    = "timeSeries"
      }
    } if widget.shown
  ]]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name
  dashboard_body = jsonencode({ widgets = flatten(local.rows) })
}
