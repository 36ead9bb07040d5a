terraform {
  required_version = ">= 1.6.0"

  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = ">= 3.0.0, < 4.0.0"
    }
  }
}

# The environment says where the daemon is: DOCKER_HOST and the like.
provider "docker" {}
