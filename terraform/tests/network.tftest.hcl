# The network of workers.

mock_provider "aws" {
  source = "./tests/mocks"
}

run "nothing_gets_in" {
  module { source = "./modules/network" }
  variables { name = "troupe-dev" }

  assert {
    condition     = length(aws_default_security_group.this[0].ingress) == 0 && length(aws_security_group.workers.ingress) == 0
    error_message = "Something is let in."
  }

  assert {
    condition     = length(distinct(aws_subnet.this[*].availability_zone)) == 2 && length(distinct(aws_subnet.this[*].cidr_block)) == 2
    error_message = "A zone that fails would take all workers with it."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc.this[0].cidr_block == "10.0.0.0/24" && output.public_ip
    error_message = "Workers may call more than AWS."
  }
}

run "zones" {
  module { source = "./modules/network" }
  variables { name = "troupe-dev" }

  assert {
    condition     = one(data.aws_availability_zones.available.filter).name == "opt-in-status" && one(data.aws_availability_zones.available.filter).values == toset(["opt-in-not-required"])
    error_message = "A subnet could lie in a local zone, in which Fargate and RDS are not."
  }
}

# The zones that the account sees have changed since: what is there stays where it is.
run "other_zones" {
  module { source = "./modules/network" }
  variables { name = "troupe-dev" }

  override_data {
    target = data.aws_availability_zones.available
    values = { names = ["eu-central-1z", "eu-central-1y"] }
  }

  assert {
    condition     = aws_subnet.this[*].availability_zone == run.zones.zones
    error_message = "The subnets would be replaced, and all that is in them."
  }
}

run "a_range" {
  module { source = "./modules/network" }
  variables {
    name    = "troupe-live"
    network = { cidr = "172.20.4.0/22", public_ip = false }
  }

  assert {
    condition     = aws_vpc.this[0].cidr_block == "172.20.4.0/22" && aws_subnet.this[1].cidr_block == "172.20.6.0/23" && !output.public_ip
    error_message = "The network has another range."
  }
}

run "a_network_of_yours" {
  module { source = "./modules/network" }
  variables {
    name    = "troupe-ours"
    network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"] }
  }

  assert {
    condition     = length(aws_vpc.this) + length(aws_subnet.this) + length(aws_internet_gateway.this) + length(aws_default_security_group.this) == 0 && output.vpc_id == "vpc-1" && output.subnet_ids == tolist(["subnet-1", "subnet-2"]) && !output.public_ip && aws_security_group.workers.vpc_id == "vpc-1"
    error_message = "A network is made beside the one that is there, or it is changed."
  }
}
