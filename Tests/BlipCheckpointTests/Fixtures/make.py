"""Makes the files beside it with PyTorch: python make.py (any torch from 1.6; made with 2.13, CPU).

All hold the same tensors, so that one table in TorchCheckpointTests.swift serves for all.
"""

import collections
import json
import os

import torch

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(0)


class Model(torch.nn.Module):
    """Its state_dict() has `_metadata`, which a pickle sets with BUILD."""

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 2)
        self.register_buffer("position_ids", torch.arange(4).expand((1, -1)))


model = Model()
with torch.no_grad():
    model.linear.weight.copy_(torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    model.linear.bias.copy_(torch.tensor([-0.5, 0.25]))
state = model.state_dict()
state["half"] = torch.tensor([1.5, -2.0], dtype=torch.float16)
state["bfloat"] = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
state["double"] = torch.tensor(0.1, dtype=torch.float64)
state["ints"] = torch.tensor([-1, 2], dtype=torch.int32)
state["shorts"] = torch.tensor([-1, 2, 3], dtype=torch.int16)
state["bytes"] = torch.tensor([1, 255, 3], dtype=torch.uint8)
state["chars"] = torch.tensor([-1], dtype=torch.int8)
state["bools"] = torch.tensor([True, False])
state["empty"] = torch.zeros(0, 5)
state["transposed"] = state["linear.weight"].t()
state["row"] = state["linear.weight"][1]
state["column"] = state["linear.weight"][:, 1]
state["tied"] = state["linear.weight"]
state["parameter"] = model.linear.bias
state["size"] = torch.Size([1, 2])
state["note"] = "not a tensor"


def save(name, value, **options):
    torch.save(value, os.path.join(here, name), **options)


save("zip.bin", state)
save("zip-protocol4.bin", state, pickle_protocol=4)
save("legacy.bin", state, _use_new_zipfile_serialization=False)
save("legacy-protocol4.bin", state, _use_new_zipfile_serialization=False, pickle_protocol=4)

# As Salesforce publishes its models: the weights under "model", beside what training needs.
training = {"model": state, "epoch": 19, "lr": 1e-5, "config": {"image_size": 384, "sizes": [1, 2]}}
save("salesforce.pth", training)
save("salesforce-legacy.pth", training, _use_new_zipfile_serialization=False)

shards = {
    "pytorch_model-00001-of-00002.bin": ["linear.weight", "half"],
    "pytorch_model-00002-of-00002.bin": ["linear.bias"],
}
os.makedirs(os.path.join(here, "sharded"), exist_ok=True)
for shard, names in shards.items():
    save(os.path.join("sharded", shard), collections.OrderedDict((n, state[n]) for n in names))
with open(os.path.join(here, "sharded", "pytorch_model.bin.index.json"), "w") as index:
    weight_map = {name: shard for shard, names in shards.items() for name in names}
    json.dump({"metadata": {"total_size": 36}, "weight_map": weight_map}, index, indent=1)

# Real ones that must be refused by name.
save("refused-module.bin", model)
save("refused-set.bin", {"model": state, "seen": {1, 2}})
