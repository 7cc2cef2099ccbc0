"""Writes the checkpoints of this folder and, as safetensors, the tensors that are in them.

Needs torch and numpy: python generate.py
"""

import json
import os
import struct
from collections import OrderedDict

import numpy as np
import torch

TYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}


def save_safetensors(tensors, path):
    header, data = {}, b""
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        flat = tensor.reshape(-1).clone()
        raw = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
        header[name] = {
            "dtype": TYPES[tensor.dtype], "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class RunsACommand:
    def __reduce__(self):
        return os.system, ("touch /tmp/clebsch-was-here",)


class OfItsOwn:
    pass


def main():
    base = torch.arange(24, dtype=torch.float32) / 8
    tensors = {f"type {name}": torch.tensor([0, 1, 1], dtype=type) for type, name in TYPES.items()}
    tensors |= {
        "scalar": torch.tensor(2.5, dtype=torch.float64),
        "empty": torch.zeros(3, 0, 2),
        "whole": base.reshape(2, 3, 4),
        "slice": base[5:11],
        "transposed": base.reshape(2, 3, 4).permute(2, 0, 1),
        "every other": base.reshape(4, 6)[::2, 1::3],
        "expanded": torch.tensor([3.0, 4.0])[:, None].expand(2, 5),
        "parameter": torch.nn.Parameter(torch.tensor([[1.0, -1.0]])),
    }
    arrays = {
        "c order": np.arange(6, dtype=np.float32).reshape(2, 3) / 3,
        "fortran order": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
        "integers": np.array([1, -2, 3]),
        "high bytes": np.array([0x80FF, -1], dtype=np.int32),
        "mask": np.array([True, False]),
        "zero elements": np.zeros((0, 3)),
        "zero dimensions": np.array(7.0),
    }
    shared = [1, 2]
    root = OrderedDict(
        tensors=tensors, arrays=arrays,
        values={
            "none": None, "true": True, "false": False, "zero": 0, "byte": 200, "word": 60000,
            "negative": -5, "long": 2**40, "most negative": -(2**63), "real": 0.1,
            "infinite": float("inf"), "text": "Grüße, 世界 'x'", "bytes": b"\x00\x80\xff",
            "no bytes": b"", "list": [1, [2.0, "three"], []], "tuple": (1, (), (2, 3)),
            "long tuple": tuple(range(5)), "shared": [shared, shared], "size": torch.Size([4, 5]),
            "device": torch.device("cuda", 0), "numpy real": np.float64(1.25),
            "numpy integer": np.int64(-3), "numpy truth": np.bool_(True),
            "keys": {1: "one", -2: "minus two", 0.5: "half", None: "none", True: "true"},
        },
    )
    torch.save(root, "everything.pth")
    expected = {f"tensors/{name}": value for name, value in tensors.items()}
    expected |= {f"arrays/{name}": torch.from_numpy(value.copy(order="C")) for name, value in arrays.items()}
    save_safetensors(expected, "everything.safetensors")

    small = torch.load("small.pth", map_location="cpu", weights_only=False)
    save_safetensors(small["model_state_dict"], "small-weights.safetensors")

    torch.save({"weights": torch.zeros(2), "x": RunsACommand()}, "os-system.pth")
    torch.save({"weights": torch.zeros(2), "x": OfItsOwn()}, "own-class.pth")
    torch.save(torch.nn.Linear(1, 1), "module.pth")
    torch.save({"weights": torch.zeros(2)}, "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"weights": torch.zeros(2)}, "protocol-4.pth", pickle_protocol=4)


if __name__ == "__main__":
    main()
