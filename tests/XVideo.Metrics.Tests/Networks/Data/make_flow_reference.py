"""Writes flow_reference.safetensors beside itself: what the authors' own RAFT, AMT-S, MUSIQ, and small ViCLIP and UMT, give for parameters from a formula.

Run with torch 1.13.1 and torchvision 0.14.1 and OpenCV 4.6 (Debian 12: python3-torch, python3-torchvision, python3-opencv) as
    make_flow_reference.py RAFT AMT IQA VBENCH
where the four are checkouts of princeton-vl/RAFT (2888e15), MCG-NKU/AMT (70f988f), chaofengc/IQA-PyTorch (01ae427) and
Vchitect/VBench (45e79ec), run as they are, never copied.
torchvision's own RAFT runs on the same parameters and must agree. Everything is float64 but for what the authors' code fixes at float32.
Parameters and pictures come from formulas (Tier2Weights.cs, Tier2Frames.cs have the same), so only results are stored.
"""
import contextlib, importlib.util, json, math, os, re, struct, sys, types
import torch
import torch.nn.functional as F
D = os.path.dirname(os.path.abspath(__file__)) + '/'
raft_home, amt_home, iqa_home, vbench_home = sys.argv[1:5]

def save(path, tensors):
    h, body, off = {}, b'', 0
    for k, v in sorted(tensors.items()):
        b = v.detach().float().contiguous().numpy().tobytes(); h[k] = {'dtype': 'F32', 'shape': list(v.shape), 'data_offsets': [off, off + len(b)]}; off += len(b); body += b
    j = json.dumps(h).encode(); j += b' ' * (-len(j) % 8)
    open(path, 'wb').write(struct.pack('<Q', len(j)) + j + body)

def mix(n, salt):
    x = (torch.arange(n, dtype=torch.int64) + salt * 1000003) & 0xffffffff
    for _ in range(2):
        x = (((x ^ (x >> 16)) * 0x45d9f3b) & 0xffffffff)
    return (x ^ (x >> 16)).double() / 2**32 - 0.5

def weight(name, shape, gain=1.0):
    x = mix(math.prod(shape), sum(ord(c) * (i + 1) for i, c in enumerate(name)) % 9973)
    if name.endswith('running_var'): x = 1 + x * .4
    elif len(shape) == 1 and name.endswith('weight'): x = gain + x * .4
    elif len(shape) == 1: x = x * .2
    else: x = x * math.sqrt(24 / math.prod(shape[1:]))
    if 'flow_head.conv2.' in name: x = x * .1   # else 20 rounds of random steps are a chaos in which float32 and float64 part
    if re.search(r'decoder\d\.convblock\.2\.|comb_block\.2\.|update\d\.flow_head\.2\.', name): x = x * .05   # else nearly every pixel of AMT is cut off at 0 or 1
    return x.float().reshape(tuple(shape))

def fill(net, gain=1.0):
    state = net.state_dict()
    # cnet's norm3 is downsample.1 under a second name; the formula must see one of the two names.
    for name in state:
        if 'num_batches' not in name: state[name] = weight(name.replace('norm3', 'downsample.1') if '.norm3.' in name else name, state[name].shape, gain)
    net.load_state_dict(state)
    return net.double().eval()

def frame(h, w, dx=0, dy=0):
    x, y, c = torch.arange(w) + dx, (torch.arange(h) + dy)[:, None], torch.arange(3)[:, None, None]
    return ((3 * x + 5 * y + 40 * c + ((x * y) >> 4)) & 255)[None].double()

def package(name, *path):
    module = types.ModuleType(name); module.__path__ = [os.path.join(*path)]; sys.modules[name] = module

def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path); module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
    return module

out = {}
torch.set_grad_enabled(False)

@contextlib.contextmanager
def in_float64():
    """The authors' casts to float32 lead to float64 instead."""
    float_of = torch.Tensor.float
    torch.Tensor.float = lambda self: self.double()
    try: yield
    finally: torch.Tensor.float = float_of

def gap(got, expected): return ((got - expected).norm() / expected.norm()).item()

# RAFT: the authors' network and padding, and torchvision's with the same parameters.
class Args(dict):
    __getattr__, __setattr__ = dict.get, dict.__setitem__
sys.path.insert(0, raft_home + '/core')
sys.modules['scipy'] = types.SimpleNamespace(interpolate=None)   # imported there, not needed here
from raft import RAFT
from utils.utils import InputPadder
net = fill(RAFT(Args(small=False, mixed_precision=False)))
print('raft', sum(p.numel() for p in net.parameters()))
for name, (h, w, dx, dy) in {'odd': (131, 197, 3, -2), 'even': (128, 136, -1, 4)}.items():
    a, b = frame(h, w), frame(h, w, dx, dy)
    a, b = InputPadder(a.shape).pad(a, b)
    with in_float64(): flow = net(a, b, iters=20, test_mode=True)[1]
    out['raft_' + name] = flow[0, :, ::4, ::4]
    single = net.float()(a.float(), b.float(), iters=20, test_mode=True)[1]; net.double()
    print(name, tuple(flow.shape), 'mean length', flow.norm(dim=1).mean().item(), 'float32 against float64', gap(single, flow))
import torchvision.models.optical_flow as tv
other = tv.raft_large().eval()
theirs = net.state_dict()
def rename(key):
    key = re.sub(r'update_block.recurrent_block.convgru(.).conv(.)', r'update_block.gru.conv\2\1', key)
    key = re.sub(r'motion_encoder.conv(corr|flow)(.).0', lambda m: f'encoder.conv{m[1][0]}{m[2]}', key).replace('motion_encoder.conv.0', 'encoder.conv')
    key = key.replace('mask_predictor.convrelu.0', 'update_block.mask.0').replace('mask_predictor.conv', 'update_block.mask.2')
    key = re.sub(r'convnormrelu(.).0', r'conv\1', key); key = re.sub(r'convnormrelu(.).1', r'norm\1', key)
    key = key.replace('convnormrelu.0', 'conv1').replace('convnormrelu.1', 'norm1').replace('encoder.conv.', 'encoder.conv2.') if 'update' not in key else key
    return key.replace('feature_encoder', 'fnet').replace('context_encoder', 'cnet')
other.load_state_dict({k: theirs[rename(k)] for k in other.state_dict()})
a, b = frame(128, 136), frame(128, 136, -1, 4)
apart = gap(other((2 * a / 255 - 1).float(), (2 * b / 255 - 1).float(), num_flow_updates=20)[-1][0, :, ::4, ::4], out['raft_even'])
print('torchvision (float32) against the authors', apart); assert apart < 1e-4
for name in [n for n in sys.modules if n == 'utils' or n.startswith('utils.')]: del sys.modules[name]
sys.path.pop(0)

# AMT-S.
sys.path.insert(0, amt_home)
amt = load('amt_s', amt_home + '/networks/AMT-S.py')
net = fill(amt.Model(), .25)
print('amt', sum(p.numel() for p in net.parameters()))
for name, (h, w, dx, dy) in {'odd': (131, 197, 3, -2), 'even': (128, 144, -1, 4)}.items():
    a, b = frame(h, w) / 255, frame(h, w, dx, dy) / 255
    ph, pw = -h % 16, -w % 16
    pad = (pw // 2, pw - pw // 2, ph // 2, ph - ph // 2)
    a, b = F.pad(a, pad, mode='replicate'), F.pad(b, pad, mode='replicate')
    with in_float64(): middle = net(a, b, torch.full((1, 1, 1, 1), .5).double(), eval=True)['imgt_pred']
    single = net.float()(a.float(), b.float(), torch.full((1, 1, 1, 1), .5), eval=True)['imgt_pred']; net.double()
    out['amt_' + name] = middle[0, :, pad[2]:pad[2] + h, pad[0]:pad[0] + w][:, ::3, ::3]
    print(name, middle.mean().item(), middle.std().item(), 'clamped', ((middle == 0) | (middle == 1)).float().mean().item(), 'float32 against float64', gap(single, middle))
sys.path.pop(0)

# MUSIQ. Its packages would import every metric of theirs, so they are entered without their __init__.
for name, path in {'pyiqa': 'pyiqa', 'pyiqa.archs': 'pyiqa/archs', 'pyiqa.data': 'pyiqa/data', 'pyiqa.utils': 'pyiqa/utils'}.items(): package(name, iqa_home, path)
matlab = types.ModuleType('pyiqa.matlab_utils'); sys.modules['pyiqa.matlab_utils'] = matlab
padding = load('pyiqa.archs.padding', iqa_home + '/pyiqa/matlab_utils/padding.py')
matlab.ExactPadding2d, matlab.exact_padding_2d = padding.ExactPadding2d, padding.exact_padding_2d
arch_util = types.ModuleType('pyiqa.archs.arch_util')
arch_util.dist_to_mos = lambda q: q; arch_util.load_pretrained_network = None; arch_util.get_url_from_name = lambda name: name
sys.modules['pyiqa.archs.arch_util'] = arch_util
registry = types.ModuleType('pyiqa.utils.registry'); registry.ARCH_REGISTRY = types.SimpleNamespace(register=lambda: lambda c: c); sys.modules['pyiqa.utils.registry'] = registry
from pyiqa.archs.musiq_arch import MUSIQ
net = fill(MUSIQ(pretrained=False)); net.training = False
print('musiq', sum(p.numel() for p in net.parameters()))
for h, w in [(96, 160), (131, 90), (288, 512)]:
    scores = torch.cat([net(frame(h, w, d, 3 * d) / 255)[0] for d in (0, 40)])
    out[f'musiq_{h}x{w}'] = scores
    print(h, w, scores.tolist(), net.float()(frame(h, w).float() / 255).item()); net.double()

# ViCLIP and UMT, few and narrow blocks. timm and einops are only needed for what is written out here.
timm = {name: types.ModuleType(name) for name in ('timm', 'timm.models', 'timm.models.layers', 'timm.models.registry', 'einops', 'pkg_resources')}
sys.modules.update(timm)
timm['timm.models.layers'].DropPath = timm['timm.models.layers'].drop_path = None
timm['timm.models.layers'].to_2tuple = lambda n: (n, n); timm['timm.models.layers'].trunc_normal_ = torch.nn.init.trunc_normal_
timm['timm.models.registry'].register_model = lambda f: f
def rearrange(x, pattern, b, t):
    if pattern == '(b t) n m -> (b n) t m': return x.reshape(b, t, *x.shape[1:]).permute(0, 2, 1, 3).reshape(-1, t, x.shape[2])
    assert pattern == '(b n) t m -> b (n t) m', pattern
    return x.reshape(b, -1, x.shape[2])
timm['einops'].rearrange = rearrange
timm['pkg_resources'].packaging = None
home = vbench_home + '/vbench/third_party/'
package('ViCLIP', home, 'ViCLIP')
tokenizer = types.ModuleType('ViCLIP.simple_tokenizer'); tokenizer.SimpleTokenizer = lambda: None; sys.modules['ViCLIP.simple_tokenizer'] = tokenizer
from ViCLIP.viclip_vision import VisionTransformer
from ViCLIP.viclip_text import CLIP_TEXT
class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.vision_encoder = VisionTransformer(24, 8, 32, 2, 4, output_dim=16)
        self.text_encoder = CLIP_TEXT(16, 12, 50, 24, 4, 2, 0)
net = fill(Small())
clip = torch.cat([frame(24, 24, 5 * i, 3 * i) for i in range(8)]) / 64 - 2
out['viclip_video'] = net.vision_encoder(clip.permute(1, 0, 2, 3)[None])
for m in net.text_encoder.modules():
    if isinstance(m, torch.nn.LayerNorm): m.__class__ = torch.nn.LayerNorm   # theirs goes through float32
out['viclip_text'] = net.text_encoder(torch.tensor([[48, 3, 17, 49] + 8 * [0]]))
umt = load('umt_finetune', home + 'umt/models/modeling_finetune.py')
net = umt.VisionTransformer(num_classes=40, embed_dim=32, depth=2, num_heads=4, qkv_bias=True, norm_layer=lambda n: torch.nn.LayerNorm(n, eps=1e-6), init_scale=.001, all_frames=16, tubelet_size=1)
positions = net.pos_embed.clone()
net = fill(net); net.pos_embed.data = positions.double()
clip = torch.cat([frame(224, 224, 5 * i, 3 * i) for i in range(16)]) / 64 - 2
out['umt'] = torch.sigmoid(net(clip.permute(1, 0, 2, 3)[None]))[0]
net.pos_embed.data = weight('pos_embed', positions.shape).double()
out['umt_with_positions'] = torch.sigmoid(net(clip.permute(1, 0, 2, 3)[None]))[0]
print(out['viclip_video'], out['viclip_text'], out['umt'][:6], out['umt_with_positions'][:6])
import cv2
for (h, w), (nh, nw) in {(30, 53): (25, 44), (21, 34): (41, 66), (40, 60): (20, 30)}.items():
    resized = cv2.resize(frame(h, w)[0].permute(1, 2, 0).numpy().astype('uint8'), (nw, nh), interpolation=cv2.INTER_LINEAR)
    out[f'opencv_{nh}x{nw}'] = torch.from_numpy(resized).permute(2, 0, 1)
save(D + 'flow_reference.safetensors', out)
