variable "name" {
  description = "Name of the API: <project>-<environment>."
  type        = string
}

variable "routes" {
  description = "Function by route, as in { \"POST /lamps\" = { name, invoke_arn, qualifier } }: the alias that is invoked."
  type        = map(object({ name = string, invoke_arn = string, qualifier = optional(string) }))

  validation {
    condition     = alltrue([for route in keys(var.routes) : can(regex("^[A-Z]+ /(([A-Za-z0-9._~-]+|{[A-Za-z_][A-Za-z0-9_]*})(/([A-Za-z0-9._~-]+|{[A-Za-z_][A-Za-z0-9_]*}))*(/{[A-Za-z_][A-Za-z0-9_]*[+]})?)?$", route))])
    error_message = "An HTTP API takes no trailing slash, and a variable only as a whole part of a path: GET /lamps/{id}."
  }

  validation {
    condition     = length(distinct([for route in keys(var.routes) : replace(route, "/{[^}]*}/", "{}")])) == length(var.routes)
    error_message = "Two routes differ only in the name of a variable."
  }
}

variable "access" {
  description = "Who may use the API, from which origins, and how much."
  type = object({
    jwt                 = optional(object({ issuer = string, audience = list(string) }))
    cors_origins        = list(string)
    requests_per_second = number
    burst               = number
    domain              = optional(object({ name = string, certificate_arn = string }))
  })
}

variable "retention" {
  description = "Days to keep access logs."
  type        = object({ log_days = number })
}

variable "alarm_topic_arn" {
  description = "Topic that gets alarms, or null."
  type        = string
  default     = null
}

variable "key_arn" {
  description = "Key for the access log; null: AWS's own."
  type        = string
  default     = null
}
