variable "name" {
  description = "Name of the bus, and first part of its topics', archive's and log group's names."
  type        = string
}

variable "contracts" {
  description = "The events by type: who says them, how they travel, and their JSON Schema."
  type = map(object({
    producer = string
    channel  = string
    schema   = string
  }))
}

variable "retention" {
  description = "Days to keep logs and archived events."
  type        = object({ log_days = number, archive_days = number })
}
