"""AWS on the loopback: moto's server on a free port, which it prints. Ends when its standard input does.

What moto gets wrong and Terraform's provider notices is put right here.
"""

import sys
import threading

from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

prepare_interfaces = Instance.prep_nics


def prepare_interfaces_and_groups(instance, *arguments, **named):
    """The groups of an instance are those of its first interface, which moto forgets.

    The provider launches with an interface as soon as `associate_public_ip_address` is set.
    """
    prepare_interfaces(instance, *arguments, **named)
    if not instance.security_groups:
        instance.security_groups = list(instance.nics[0].group_set)


Instance.prep_nics = prepare_interfaces_and_groups

run_instances = InstanceResponse.run_instances


def run_instances_protected(response):
    """Protection from termination is asked for at launch, where moto does not listen."""
    result = run_instances(response)
    for instance in result.result.instances:
        instance.disable_api_termination = response._get_param("DisableApiTermination") or False
    return result


InstanceResponse.run_instances = run_instances_protected

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
