"""Writes the reference for the tests of this package with gguf's own writer and dequantiser.

    python make_reference.py SmolLM2-135M-Instruct.Q4_1.gguf

types.gguf      a small file with every metadata type and a tensor of every type that is read
reference.json  the float32 bits of its tensors; of the model: a CRC-32 of every tensor's float32
                bytes, and the bits of a few rows
Made with gguf 0.19.0 and numpy 2.4.6.
"""
import base64
import json
import pathlib
import sys
import zlib

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from gguf.quants import dequantize, quantize

HERE = pathlib.Path(__file__).parent


def bits(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def blocks(rng, rows, count, size, halves):
    """Random blocks of so many bytes whose float16 numbers, which lie at the given places, are
    finite, and of every magnitude."""
    raw = rng.integers(0, 256, (rows * count, size), dtype=np.uint8)
    for at in halves:
        half = raw[:, at : at + 2].copy().view("<u2")
        half[(half & 0x7C00) == 0x7C00] &= 0x83FF  # infinities and NaNs become subnormal numbers
        raw[:, at : at + 2] = half.view(np.uint8)
    return raw.reshape(rows, count * size)


def write_types(path):
    w = GGUFWriter(path, "test")
    w.add_uint8("number.uint8", 255)
    w.add_int8("number.int8", -128)
    w.add_uint16("number.uint16", 65535)
    w.add_int16("number.int16", -32768)
    w.add_uint32("number.uint32", 4294967295)
    w.add_int32("number.int32", -2147483648)
    w.add_uint64("number.uint64", 9223372036854775807)
    w.add_uint64("number.uint64.large", 18446744073709551615)
    w.add_int64("number.int64", -9223372036854775808)
    w.add_float32("number.float32", 0.1)
    w.add_float64("number.float64", 0.1)
    w.add_bool("bool.yes", True)
    w.add_bool("bool.no", False)
    w.add_string("text", "Grüße, 世界")
    w.add_array("list.strings", ["a", "", "ß"])
    w.add_array("list.int32", [1, -2, 3])
    w.add_array("list.float32", [0.5, -0.25])
    w.add_array("list.bool", [True, False])
    w.add_key_value("list.uint8", [1, 2, 255], GGUFValueType.ARRAY, sub_type=GGUFValueType.UINT8)
    w.add_array("list.lists", [[1, 2], [3]])
    w.add_custom_alignment(64)

    rng = np.random.default_rng(11)
    w.add_tensor("f32", rng.standard_normal((2, 3, 5), dtype=np.float32))
    half = np.arange(65536, dtype=np.uint32).astype("<u2")
    finite = half[(half & 0x7C00) != 0x7C00][::97]
    w.add_tensor("f16", np.concatenate([finite, [0x7C00, 0xFC00]]).astype("<u2").view(np.float16))
    brain = quantize(rng.standard_normal((3, 32), dtype=np.float32) * 1e6, T.BF16)
    w.add_tensor("bf16", brain, raw_dtype=T.BF16)
    w.add_tensor("q4_0", blocks(rng, 3, 2, 18, [0]), raw_dtype=T.Q4_0)
    w.add_tensor("q4_1", blocks(rng, 3, 2, 20, [0, 2]), raw_dtype=T.Q4_1)
    w.add_tensor("q5_0", blocks(rng, 3, 2, 22, [0]), raw_dtype=T.Q5_0)
    w.add_tensor("q5_1", blocks(rng, 3, 2, 24, [0, 2]), raw_dtype=T.Q5_1)
    w.add_tensor("q8_0", blocks(rng, 3, 2, 34, [0]), raw_dtype=T.Q8_0)
    w.add_tensor("q2_k", blocks(rng, 2, 1, 84, [80, 82]), raw_dtype=T.Q2_K)
    w.add_tensor("q3_k", blocks(rng, 2, 1, 110, [108]), raw_dtype=T.Q3_K)
    w.add_tensor("q4_k", blocks(rng, 2, 1, 144, [0, 2]), raw_dtype=T.Q4_K)
    w.add_tensor("q5_k", blocks(rng, 2, 1, 176, [0, 2]), raw_dtype=T.Q5_K)
    w.add_tensor("q6_k", blocks(rng, 2, 1, 210, [208]), raw_dtype=T.Q6_K)
    w.add_tensor("iq4_nl", blocks(rng, 1, 1, 18, [0]), raw_dtype=T.IQ4_NL)  # a type that is not read
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def tensors(path):
    for t in GGUFReader(path).tensors:
        shape = [int(n) for n in reversed(t.shape)]
        yield t.name, t.tensor_type, shape, dequantize(t.data, t.tensor_type).astype("<f4").reshape(shape)


def main(model):
    write_types(HERE / "types.gguf")
    small = {
        name: {"shape": shape, "type": kind.name, "bits": bits(values)}
        for name, kind, shape, values in tensors(HERE / "types.gguf")
        if name != "iq4_nl"
    }
    crc, rows = {}, {}
    for name, kind, shape, values in tensors(model):
        crc[name] = zlib.crc32(values.tobytes())
        if name in ("token_embd.weight", "blk.0.ffn_down.weight", "blk.29.attn_k.weight", "output_norm.weight"):
            picked = [0] if values.ndim == 1 else [0, shape[0] // 2, shape[0] - 1]
            rows[name] = {
                "shape": shape,
                "type": kind.name,
                "rows": {i: bits(np.atleast_2d(values)[i]) for i in picked},
            }
    reference = {"types": small, "model": {"crc": crc, "rows": rows}}
    (HERE / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")


main(sys.argv[1])
