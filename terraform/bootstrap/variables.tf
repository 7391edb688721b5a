variable "project" {
  description = "First part of every name, as in the root module."
  type        = string
  default     = "troupe"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.project))
    error_message = "project must be 2 to 16 lower-case letters, digits and dashes, and begin with a letter."
  }
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "eu-central-1"
}

variable "github_repository" {
  description = "The repository whose workflows may deploy, as in acme/troupe. Null: none."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github_repository))
    error_message = "github_repository must be OWNER/NAME, as in acme/troupe."
  }
}

variable "github_provider_exists" {
  description = "Whether the account already has GitHub's OIDC provider. There can be only one: creating a second fails with EntityAlreadyExists."
  type        = bool
  default     = false
}

variable "environments" {
  description = "The environments in this account. Each has its own role, which only jobs of the GitHub environment of that name can assume."
  type        = list(string)
  default     = ["dev", "prod"]

  validation {
    condition     = alltrue([for e in var.environments : e != "plan" && can(regex("^[a-z][a-z0-9]{1,11}$", e))])
    error_message = "environments are names as in terraform/env: 2 to 12 lower-case letters and digits, beginning with a letter; plan is the role of pull requests."
  }
}
