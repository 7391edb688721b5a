# A state file on this machine, for a first try. For a team, bootstrap/ makes a bucket and
# says what to write here instead.
terraform {
  backend "local" {}
}
