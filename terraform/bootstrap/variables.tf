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
  description = "Where the state is kept."
  type        = string
  default     = "eu-central-1"
}

variable "github_repository" {
  description = "The repository whose workflows may deploy, as in acme/troupe. Null: none may."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github_repository))
    error_message = "github_repository must be OWNER/NAME, as in acme/troupe."
  }
}
