variable "name" {
  description = "Name of the API: <project>-<environment>."
  type        = string
}

variable "routes" {
  description = "Function by route, as in { \"POST /lamps\" = { name, invoke_arn } }."
  type        = map(object({ name = string, invoke_arn = string }))
}

variable "access" {
  description = "Who may use the API, from which origins, and how much."
  type = object({
    jwt                 = optional(object({ issuer = string, audience = list(string) }))
    cors_origins        = list(string)
    requests_per_second = number
    burst               = number
  })
}

variable "retention" {
  description = "Days to keep access logs."
  type        = object({ log_days = number })
}
