"""Writes reference.safetensors, zip.pth, legacy.pth, nested.pth, script.pt and hostile.pth beside itself.

Run with torch 1.13.1, torchvision 0.14.1 and Pillow 9.4.0 (Debian 12: python3-torch, python3-torchvision, python3-pil).
Parameters come from a formula of their names (FormulaWeights.cs has the same), so only results are stored.
"""
import collections, json, math, os, struct, sys, types
sys.modules['requests'] = types.ModuleType('requests')
import torch, torchvision, numpy as np
import torch.nn.functional as F
from PIL import Image
from torchvision.transforms import functional as TF, InterpolationMode as IM
D = os.path.dirname(os.path.abspath(__file__)) + '/'
def save(path, tensors):
    names = {torch.float32: 'F32', torch.float64: 'F64', torch.uint8: 'U8', torch.int64: 'I64'}
    h, body, off = {}, b'', 0
    for k, v in sorted(tensors.items(), key=lambda kv: -kv[1].element_size()):
        b = v.contiguous().numpy().tobytes(); h[k] = {'dtype': names[v.dtype], 'shape': list(v.shape), 'data_offsets': [off, off + len(b)]}; off += len(b); body += b
    j = json.dumps(h).encode(); j += b' ' * (-len(j) % 8)
    open(path, 'wb').write(struct.pack('<Q', len(j)) + j + body)
def mix(n, salt):
    x = (torch.arange(n, dtype=torch.int64) + salt * 1000003) & 0xffffffff
    for _ in range(2):
        x = (((x ^ (x >> 16)) * 0x45d9f3b) & 0xffffffff)
    x = x ^ (x >> 16)
    return x.double() / 2**32 - 0.5
def image(h, w, salt):
    return (mix(3 * h * w, salt) * 60 + 128 + 60 * torch.sin(torch.arange(3 * h * w).double() * (0.05 + salt * .01))).round().clamp(0, 255).to(torch.uint8).reshape(1, 3, h, w)
def weight(name, shape):
    salt = sum(ord(c) * (i + 1) for i, c in enumerate(name)) % 9973
    x = mix(math.prod(shape), salt)
    if len(shape) == 0: x = x + 3
    elif len(shape) == 1 and name.endswith('weight'): x = 1 + x * .4
    elif len(shape) == 1: x = x * .2
    else: x = x * math.sqrt(24 / math.prod(shape[1:]))
    return x.float().double().reshape(tuple(shape))
out = {}
img = image(30, 53, 1); out['image'] = img; f = img.float()
for name, size in [('shrink', (16, 28)), ('grow', (41, 60))]:
    out['bicubic_float_' + name] = TF.resize(f, size, IM.BICUBIC, antialias=False)
    out['bicubic_bytes_' + name] = TF.resize(img, size, IM.BICUBIC, antialias=False)
    out['bilinear_float_' + name] = TF.resize(f, size, IM.BILINEAR, antialias=False)
    pil = Image.fromarray(img[0].permute(1, 2, 0).numpy())
    out['pillow_' + name] = torch.from_numpy(np.array(pil.resize((size[1], size[0]), Image.BICUBIC)))
step = torch.zeros(1, 3, 12, 12); step[..., 6:] = 255
out['step_up'] = TF.resize(step, (20, 20), IM.BICUBIC, antialias=False)
g = mix(5 * 14 * 14, 2).float().reshape(1, 5, 14, 14)
out['grid'] = g
out['grid_14x24'] = F.interpolate(g, scale_factor=((14 + .1) / 14, (24 + .1) / 14), mode='bicubic')
# LPIPS in float64 on torchvision's own networks, weights by formula.
mean = torch.tensor([-.030, -.088, -.188]).double().view(1, 3, 1, 1); dev = torch.tensor([.458, .448, .450]).double().view(1, 3, 1, 1)
taps = {'alex': [1, 4, 7, 9, 11], 'vgg': [3, 8, 15, 22, 29], 'squeeze': [1, 4, 7, 9, 10, 11, 12]}
nets = {'alex': torchvision.models.alexnet, 'vgg': torchvision.models.vgg16, 'squeeze': torchvision.models.squeezenet1_1}
a, b = torch.cat([image(45, 70, 3), image(45, 70, 4)]), torch.cat([image(45, 70, 5), image(45, 70, 4)])
b[1, :, :10] = 0; a[0, :, 20:, 30:] = 0
out['first'], out['second'] = a, b
for name, make in nets.items():
    net = make(weights=None).features.double().eval()[:taps[name][-1] + 1]
    for k, p in net.named_parameters(): p.data = weight('features.' + k, p.shape)
    print(name, sum(p.numel() for p in net.parameters()))
    for inner in (True, False):
        for stretch in (True, False):
            xs = []
            for u in (a, b):
                x = (u.float() / 255).double(); x = 2 * x - 1 if stretch else x
                x = (x - mean.float().double()) / dev.float().double(); fs = []
                for i, layer in enumerate(net):
                    x = layer(x)
                    if i in taps[name]: fs.append(x.clone())
                xs.append(fs)
            total = 0
            for t, (p, q) in enumerate(zip(*xs)):
                n = lambda v: v / (1e-8 + (v * v).sum(1, True)).sqrt() if inner else v / ((v * v).sum(1, True).sqrt() + 1e-10)
                w = weight(f'lin{t}.model.1.weight', (1, p.shape[1], 1, 1)).abs()
                total = total + ((n(p) - n(q)) ** 2 * w).sum(1).mean((1, 2))
            out[f'lpips_{name}_{"inside" if inner else "outside"}_{"stretched" if stretch else "unit"}'] = total.detach()
            print(name, inner, stretch, total.tolist())
# Small transformers, written from the papers' formulas on torch's own functions in float64.
def ln(x, p, w, eps): return F.layer_norm(x, (w,), weight(p + '.weight', (w,)), weight(p + '.bias', (w,)), eps)
def lin(x, p, o): return x @ weight(p + '.weight', (o, x.shape[-1])).t() + weight(p + '.bias', (o,))
def attend(qkv, heads, causal):
    b, n, w3 = qkv.shape; w = w3 // 3
    q, k, v = (t.reshape(b, n, heads, w // heads).transpose(1, 2) for t in qkv.split(w, -1))
    s = q @ k.transpose(-1, -2) / math.sqrt(w // heads)
    if causal: s = s.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf)
    return (s.softmax(-1) @ v).transpose(1, 2).reshape(b, n, w)
def dino(x, w, depth, heads, patch, grid):
    b, _, hh, ww = x.shape
    t = F.conv2d(x, weight('patch_embed.proj.weight', (w, 3, patch, patch)), weight('patch_embed.proj.bias', (w,)), stride=patch).flatten(2).transpose(1, 2)
    pos = weight('pos_embed', (1, 1 + grid * grid, w))
    if hh != ww or t.shape[1] != grid * grid:
        g = pos[:, 1:].reshape(1, grid, grid, w).permute(0, 3, 1, 2)
        g = F.interpolate(g, scale_factor=((hh // patch + .1) / grid, (ww // patch + .1) / grid), mode='bicubic')
        pos = torch.cat([pos[:, :1], g.permute(0, 2, 3, 1).reshape(1, -1, w)], 1)
    x = torch.cat([weight('cls_token', (1, 1, w)).expand(b, 1, w), t], 1) + pos
    for i in range(depth):
        p = f'blocks.{i}.'
        x = x + lin(attend(lin(ln(x, p + 'norm1', w, 1e-6), p + 'attn.qkv', 3 * w), heads, False), p + 'attn.proj', w)
        x = x + lin(F.gelu(lin(ln(x, p + 'norm2', w, 1e-6), p + 'mlp.fc1', 4 * w)), p + 'mlp.fc2', w)
    return ln(x, 'norm', w, 1e-6)[:, 0]
def blocks(x, prefix, w, depth, heads, causal):
    for i in range(depth):
        p = f'{prefix}transformer.resblocks.{i}.'
        h = ln(x, p + 'ln_1', w, 1e-5)
        h = h @ weight(p + 'attn.in_proj_weight', (3 * w, w)).t() + weight(p + 'attn.in_proj_bias', (3 * w,))
        x = x + lin(attend(h, heads, causal), p + 'attn.out_proj', w)
        h = lin(ln(x, p + 'ln_2', w, 1e-5), p + 'mlp.c_fc', 4 * w)
        x = x + lin(h * torch.sigmoid(1.702 * h), p + 'mlp.c_proj', w)
    return x
def clip_image(x, w=32, depth=2, heads=4, patch=8, grid=3, embed=16):
    t = F.conv2d(x, weight('visual.conv1.weight', (w, 3, patch, patch)), stride=patch).flatten(2).transpose(1, 2)
    x = torch.cat([weight('visual.class_embedding', (w,)).expand(x.shape[0], 1, w), t], 1) + weight('visual.positional_embedding', (1 + grid * grid, w))
    x = blocks(ln(x, 'visual.ln_pre', w, 1e-5), 'visual.', w, depth, heads, False)
    return ln(x[:, 0], 'visual.ln_post', w, 1e-5) @ weight('visual.proj', (w, embed))
def clip_text(ids, w=24, depth=2, heads=4, embed=16, vocab=50):
    x = weight('token_embedding.weight', (vocab, w))[ids] + weight('positional_embedding', (ids.shape[1], w))
    x = ln(blocks(x, '', w, depth, heads, True), 'ln_final', w, 1e-5)
    return x[torch.arange(ids.shape[0]), ids.argmax(-1)] @ weight('text_projection', (w, embed))
def pixels(h, w, salt): return torch.cat([mix(3 * h * w, salt + i).reshape(1, 3, h, w) * 4 for i in range(2)]).float().double()
for n, (h, w) in {'trained': (32, 32), 'wide': (37, 58), 'nearly': (32, 37)}.items():
    out['dino_' + n] = dino(pixels(h, w, 20), 24, 2, 3, 8, 4)
out['clip_image'] = clip_image(pixels(24, 24, 30))
ids = torch.tensor([[48, 3, 17, 49, 0, 0, 0, 0, 0, 0, 0, 0], [48, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 49]])
out['clip_text'] = clip_text(ids)
tail = ids.clone(); tail[0, 4:] = 11; assert torch.equal(clip_text(tail), out['clip_text'])
save(D + 'reference.safetensors', out)
# Files by torch.save and torch.jit.save themselves.
base = torch.arange(12).float() / 4
state = collections.OrderedDict([('a.weight', base[:6].view(2, 3)), ('a.transposed', base[6:].view(2, 3).t()),
    ('b.bias', torch.nn.Parameter(torch.tensor([.5, -2., 65504.]).half())), ('steps', torch.tensor(7))])
torch.save(state, D + 'zip.pth'); torch.save(state, D + 'legacy.pth', _use_new_zipfile_serialization=False)
torch.save({'epoch': 3, 'lr': .5, 'state_dict': state, 'args': ['x', None, True]}, D + 'nested.pth')
class Inner(torch.nn.Module):
    def __init__(s):
        super().__init__(); s.weight = torch.nn.Parameter(base[:6].view(2, 3)); s.register_buffer('transposed', base[6:].view(2, 3).t())
    def forward(s, x): return x @ s.weight
class Bias(torch.nn.Module):
    def __init__(s):
        super().__init__(); s.bias = torch.nn.Parameter(torch.tensor([.5, -2., 65504.]).half())
    def forward(s, x): return x
class Net(torch.nn.Module):
    def __init__(s):
        super().__init__(); s.a = Inner(); s.b = Bias(); s.sizes = [1, 2]; s.register_buffer('steps', torch.tensor(7))
    def forward(s, x): return s.b(s.a(x))
torch.jit.script(Net()).save(D + 'script.pt')
class SystemCall:
    def __reduce__(self): return (os.system, ('touch /tmp/xvideo-pickle-was-run',))
torch.save(dict(state, evil=SystemCall()), D + 'hostile.pth')
