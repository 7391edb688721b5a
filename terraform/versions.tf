terraform {
  # 1.11: native locking of the S3 backend.
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # A state file on this machine, for a first try. bootstrap/ makes the bucket for a
  # team, and says what to write here instead.
  backend "local" {}
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = var.project
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
