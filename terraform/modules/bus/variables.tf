variable "name" {
  description = "Name of the bus, and first part of its topics', archive's and log group's names."
  type        = string
}

variable "contracts" {
  description = "The events by type: producer, channel, JSON Schema, and whether that marks personal data."
  type = map(object({
    producer = string
    channel  = string
    schema   = string
    personal = optional(bool, false)
  }))
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
