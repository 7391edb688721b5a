variable "name" {
  description = "First part of every name: <project>-<environment>."
  type        = string
}

variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "manifest" {
  description = "The service's service.json, decoded, as events/manifest/service.schema.json describes it."
  type = object({
    name        = string
    description = string
    runtime     = string
    http        = optional(list(string), [])
    subscribes  = optional(list(object({ event = string, where = optional(string) })), []) # where: an event pattern as JSON
    publishes   = optional(list(string), [])
    schedules   = optional(list(object({ expression = string, event = string, timezone = string, data = string })), []) # data: of the event, as JSON
    queue = optional(object({
      visibility_seconds = optional(number, 60)
      max_receives       = optional(number, 20)
      concurrency        = optional(number, 10)
      max_functions      = optional(number, 10)
      batch              = optional(number, 10)
      window_seconds     = optional(number, 0)

      acceptable_delay_seconds = optional(number, 60)
    }), {})
    rate            = optional(number)
    timeout_seconds = optional(number, 10)
    memory_mb       = optional(number, 256)
    store           = optional(string, "none")
    indexes         = optional(list(string), [])
    config          = optional(map(string), {})
    secrets         = optional(map(string), {}) # only their names count here
    permissions     = optional(list(object({ actions = list(string), resources = list(string) })), [])
  })
}

variable "contracts" {
  description = "Producer and channel of every event, by type; its subject, and whether its data has scheduledAt; source and detail type of those from outside."
  type        = map(object({ producer = string, channel = string, subject = optional(string), scheduled = optional(bool, false), source = optional(string), detail-type = optional(string) }))
}

variable "bus" {
  description = "Name and ARN of the bus."
  type        = object({ name = string, arn = string })
}

variable "topic_arns" {
  description = "ARN of each topic, by event type."
  type        = map(string)
}

variable "retention" {
  description = "Days to keep logs."
  type        = object({ log_days = number })
}

variable "override" {
  description = "Settings that override the manifest in this environment."
  type = object({
    memory_mb     = optional(number)
    concurrency   = optional(number)
    max_functions = optional(number)
    rate          = optional(number)
    cpu           = optional(number)
    min_tasks     = optional(number, 1)
    max_tasks     = optional(number, 4)

    provisioned_concurrency = optional(number, 0)
    vpc                     = optional(bool, false)
    config                  = optional(map(string), {})
  })
  default = {}
}

variable "artifact" {
  description = "Result of `make build`: a function's zip, or the file with the digest of a worker's image."
  type        = string
}

variable "network" {
  description = "Where workers run, and functions in a VPC; null if there are none."
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    cluster         = object({ name = string, arn = string })
    security_group  = string
    security_groups = list(string)
    public_ip       = optional(bool, true)
  })
  default = null
}

variable "alarm_topic_arn" {
  description = "Topic that gets alarms, or null."
  type        = string
  default     = null
}

variable "deployment" {
  description = "How it is deployed, as in the root module."
  type        = object({ permissions_boundary = optional(string), tracing = optional(bool, false) })
  default     = {}
}

variable "protection" {
  description = "Whether its data is protected, and the key for it, as in the root module."
  type        = object({ enabled = optional(bool, false), key_arn = optional(string) })
  default     = {}
}

variable "database" {
  description = "The size of its database, as in the root module."
  type = object({
    class          = optional(string, "db.t4g.micro")
    storage_gb     = optional(number, 20)
    max_storage_gb = optional(number, 100)
    multi_az       = optional(bool)
    backup_days    = optional(number)
  })
  default = {}
}
