variable "project" {
  description = "First part of every name: <project>-<environment>-<thing>."
  type        = string
  default     = "troupe"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.project))
    error_message = "project must be 2 to 16 lower-case letters, digits and dashes, and begin with a letter: it becomes part of names that AWS limits to 64 characters."
  }
}

variable "environment" {
  description = "Second part of every name: dev, staging, prod. In prod, tables keep point-in-time recovery and can't be deleted by mistake."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "environment must be 2 to 12 lower-case letters and digits, and begin with a letter, as in dev."
  }
}

variable "region" {
  description = "AWS region to deploy to."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region, as in eu-central-1."
  }
}

variable "alarm_email" {
  description = "Who gets alarms. Null: they are shown on the dashboard only."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address, or null."
  }
}

variable "retention" {
  description = "Days to keep logs, and events in the archive. The archive must be shorter than an inbox record lives (120 days, less 28 in queues), or a late replay would act twice."
  type = object({
    log_days     = optional(number, 30)
    archive_days = optional(number, 60)
  })
  default = {}

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.retention.log_days)
    error_message = "retention.log_days must be one of the values that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …"
  }

  validation {
    condition     = var.retention.archive_days >= 1 && var.retention.archive_days <= 90 && floor(var.retention.archive_days) == var.retention.archive_days
    error_message = "retention.archive_days must be 1 to 90: an inbox record lives 120 days, and an event may spend 14 in a queue and 14 in its dead-letter queue."
  }
}

variable "overrides" {
  description = "What differs from a service's manifest in this environment, by service."
  type = map(object({
    memory_mb     = optional(number)
    concurrency   = optional(number)
    max_functions = optional(number)
    max_tasks     = optional(number)
    config        = optional(map(string), {})
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.overrides), keys(local.manifests))) == 0
    error_message = "overrides names services that have no folder in services/: ${join(", ", setsubtract(keys(var.overrides), keys(local.manifests)))}."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.concurrency == null ? true : o.concurrency >= 1 && o.concurrency <= 1000])
    error_message = "overrides.*.concurrency must be 1 to 1000: messages at a time, of one task or function instance."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.max_functions == null ? true : o.max_functions >= 2 && o.max_functions <= 1000])
    error_message = "overrides.*.max_functions must be 2 to 1000: the limits of an event source mapping."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.memory_mb == null ? true : o.memory_mb >= 128 && o.memory_mb <= 10240])
    error_message = "overrides.*.memory_mb must be 128 to 10240."
  }
}

variable "access" {
  description = "Who may use the HTTP API: an OIDC issuer with its audiences (null: everyone), the origins that browsers may call from (none: CORS is off), and how much."
  type = object({
    jwt                 = optional(object({ issuer = string, audience = list(string) }))
    cors_origins        = optional(list(string), [])
    requests_per_second = optional(number, 1000)
    burst               = optional(number, 2000)
  })
  default = {}

  validation {
    condition     = var.access.jwt == null ? true : startswith(var.access.jwt.issuer, "https://") && length(var.access.jwt.audience) > 0
    error_message = "access.jwt needs an issuer that begins with https:// and at least one audience."
  }
}

variable "subscribers" {
  description = "Who gets events besides services: e-mail addresses and HTTPS URLs, by event. The event's channel must be sns."
  type = map(object({
    emails   = optional(list(string), [])
    webhooks = optional(list(string), [])
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.subscribers), [for type, c in local.contracts : type if c.channel == "sns"])) == 0
    error_message = "subscribers names events that no schema in events/ declares with the channel sns: ${join(", ", setsubtract(keys(var.subscribers), [for type, c in local.contracts : type if c.channel == "sns"]))}."
  }

  validation {
    condition     = alltrue(flatten([for s in values(var.subscribers) : [for address in s.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))]]))
    error_message = "subscribers.*.emails takes e-mail addresses."
  }

  validation {
    condition     = alltrue(flatten([for s in values(var.subscribers) : [for url in s.webhooks : startswith(url, "https://")]]))
    error_message = "subscribers.*.webhooks takes URLs that begin with https://."
  }
}

variable "deployment" {
  description = "How deploys are done. permissions_boundary: name of the policy that bounds every role (that of bootstrap, or your company's)."
  type = object({
    permissions_boundary = optional(string)
  })
  default = {}
}
