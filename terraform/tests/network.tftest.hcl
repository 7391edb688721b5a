# The network of workers.

mock_provider "aws" {
  source = "./tests/mocks"
}

run "nothing_gets_in" {
  module { source = "./modules/network" }
  variables { name = "troupe-dev" }

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_security_group.workers.ingress) == 0
    error_message = "Something is let in."
  }

  assert {
    condition     = length(distinct(aws_subnet.this[*].availability_zone)) == 2 && length(distinct(aws_subnet.this[*].cidr_block)) == 2
    error_message = "A zone that fails would take all workers with it."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.postgres.cidr_ipv4 == "10.0.0.0/24"
    error_message = "Workers may call more than AWS and their database."
  }
}
