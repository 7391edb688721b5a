variable "name" {
  description = "Name of the bus, and first part of its topics', archive's and log group's names."
  type        = string
}

variable "contracts" {
  description = "The events by type: producer, channel, JSON Schema, and whether that marks personal data; of those from outside also source, detail type and the bus where they arrive."
  type = map(object({
    producer    = string
    channel     = string
    schema      = string
    personal    = optional(bool, false)
    source      = optional(string)
    detail-type = optional(string)
    bus         = optional(string)
  }))
}

variable "subscribed" {
  description = "The types of the events to which somebody subscribes: of those from outside, only they are forwarded to the bus."
  type        = set(string)
  default     = []
}

variable "permissions_boundary" {
  description = "Name of the policy that bounds the role with which events from outside are forwarded, or null."
  type        = string
  default     = null
}

variable "alarm_topic_arn" {
  description = "Topic that is told of alarms, or null."
  type        = string
  default     = null
}

variable "payloads" {
  description = "Whether the log group of the bus holds whole events, or their metadata only. It never holds the data of events with personal data."
  type        = bool
  default     = true
}

variable "key_arn" {
  description = "Key for topics and logs; null: AWS's own."
  type        = string
  default     = null
}

variable "schema_registry" {
  description = "Whether the contracts are shown in a schema registry."
  type        = bool
  default     = true
}

variable "publishers" {
  description = "Other accounts that may publish on the bus."
  type        = list(string)
  default     = []
}

variable "retention" {
  description = "Days to keep logs and archived events."
  type        = object({ log_days = number, archive_days = number })
}
