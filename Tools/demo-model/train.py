"""Train the demo model from nothing on scenes drawn as it goes.

    python train.py --out run            # some 80 minutes on two cores
    python train.py --out run --resume   # go on from the last checkpoint

    # six minutes on a large GPU and 16 cores; the rate falls with the minutes
    python train.py --out run --device cuda --batch 256 --rate 1e-3 --warm-up 1200 --minutes 6 --steps 100000

Two phases: first the vision model alone learns to name what is where from an auxiliary loss (linear heads that are
thrown away in the end), then captions, answers, matching and contrast are learned together with it.

On a CPU the work is shared by processes of one thread each, which average their gradients at every step: with matrices
this small, two threads of one process are hardly faster than one, and much slower when something else runs. A GPU has
one process, for which all other cores draw.
"""

import argparse
import math
import multiprocessing
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from PIL import Image
from torch import nn
from transformers.image_utils import OPENAI_CLIP_MEAN, OPENAI_CLIP_STD
from transformers.models.blip import modeling_blip, modeling_blip_text

import model as shape
import scenes

# --- Data ---

QUESTION_WEIGHTS = {"what": 0.26, "where": 0.26, "how many": 0.15, "color": 0.04, "yes/no": 0.29}
CHANGE_WEIGHTS = {"object": 0.28, "count": 0.27, "color": 0.1, "relation": 0.35}
GROUP = 4  # texts a picture for the text encoder: two questions, a true and a false sentence


def picture(scene, rng):
    """The scene at the model's size, shrunk from a bigger drawing as a file's picture would be."""
    side = 448 if rng.random() < 0.03 else rng.choice((168, 192, 224))  # big ones take longer to draw
    image = Image.fromarray(scene.render(side))
    return np.asarray(image.resize((shape.IMAGE_SIDE, shape.IMAGE_SIDE), Image.Resampling.BICUBIC))


def weighted(rng, weights):
    return rng.choices(list(weights), list(weights.values()))[0]


def ask(scene, rng):
    while True:
        asked = scene.question(weighted(rng, QUESTION_WEIGHTS), rng)
        if asked:
            return asked


def wrong(scene, rng, short):
    while True:
        text = scene.sentence(rng, weighted(rng, CHANGE_WEIGHTS), short)
        if text:
            return text


def padded(rows, filler=shape.PAD):
    width = max(map(len, rows))
    return np.array([r + [filler] * (width - len(r)) for r in rows], np.int64)


# The token that tells a kind, whether one or several: the last word of its name.
KIND_OF_TOKEN = {shape.IDS[n.split()[-1]]: name for name in scenes.NAMES for n in (name, scenes.plural(name))}


def token_roles(ids, scene):
    """For each token that names a kind its role in the picture as in Scene.grid_labels, 0 if it is not there."""
    roles = {}
    for i, name in enumerate(scene.names):
        roles[name] = scene.count if scene.relation is None else 5 + 2 * scenes.RELATIONS.index(scene.relation) + i
    return [roles.get(KIND_OF_TOKEN[t], 0) if t in KIND_OF_TOKEN else -100 for t in ids]


def batch(seeds):
    """Everything one step needs, as arrays."""
    images, labels, captions, masks, texts, roles, answers = [], [], [], [], [], [], []
    for seed in seeds:
        scene = scenes.make_scene(seed)
        rng = random.Random(~seed)
        images.append(picture(scene, rng))
        names = [scenes.NAMES.index(n) for n in scene.names]
        layout = scene.count - 1 if scene.relation is None else 4 + scenes.RELATIONS.index(scene.relation)
        labels.append(np.concatenate([
            *(grid.ravel() for grid in scene.grid_labels(shape.GRID)),
            [scenes.COLOR_NAMES.index(scene.color), layout, names[0], (names + [len(scenes.NAMES)])[1]]]))

        # Some captions have a prompt that is not learned, so that prompts work and are never said unasked.
        prompt = shape.encode(rng.choice(("a picture of", "a photo of"))) if rng.random() < 0.15 else []
        captions.append([shape.DEC] + prompt + shape.encode(scene.caption()) + [shape.SEP])
        masks.append(len(prompt))

        for _ in range(2):
            question, answer = ask(scene, rng)
            if rng.random() < 0.1:
                question = question.rstrip("?")
            texts.append([shape.CLS] + shape.encode(question) + [shape.SEP])
            answers.append([shape.DEC] + shape.encode(answer) + [shape.SEP])
        short = rng.random() < 0.2
        texts.append([shape.CLS] + shape.encode(scene.sentence(rng, None, short)) + [shape.SEP])
        texts.append([shape.CLS] + shape.encode(wrong(scene, rng, short)) + [shape.SEP])
        roles += [token_roles(ids, scene) for ids in texts[-GROUP:]]
    return {"images": np.stack(images), "labels": np.stack(labels), "captions": padded(captions),
            "prompts": np.array(masks), "texts": padded(texts), "roles": padded(roles, -100),
            "answers": padded(answers)}


def produce(drawn, step, stride, size, rank, world):
    """Draws, for ever, this process's parts of every stride-th batch from step on."""
    torch.set_num_threads(1)
    part = size // world
    while True:
        start = scenes.TRAINING_SEED + step * size + rank * part
        drawn.put(batch(range(start, start + part)))
        step += stride


# --- The model ---
# Training goes through transformers' modules, but with these two attentions: the same arithmetic, faster on a CPU
# (PyTorch's own fused attention has a slow backward pass there). The second also lets the GROUP texts of a picture
# share the picture's keys and values.


def split_heads(x, heads):
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def attend(q, k, v, mask=None):
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask.to(scores.dtype)
    out = torch.softmax(scores, -1).to(v.dtype) @ v
    return out.transpose(1, 2).flatten(2)


def fast_vision_attention(self, hidden_states, **kwargs):
    q, k, v = (split_heads(x, self.num_heads) for x in self.qkv(hidden_states).chunk(3, dim=-1))
    return self.projection(attend(q, k, v)), None


def fast_text_attention(self, hidden_states, attention_mask=None, encoder_hidden_states=None,
                        encoder_attention_mask=None, past_key_values=None, **kwargs):
    source = hidden_states if encoder_hidden_states is None else encoder_hidden_states
    # Cross attention does not mix the queries, so the texts of one picture can stand in one row.
    rows = hidden_states.reshape(source.shape[0], -1, hidden_states.shape[-1])
    q, k, v = (split_heads(f(x), self.num_attention_heads)
               for f, x in ((self.query, rows), (self.key, source), (self.value, source)))
    mask = attention_mask if encoder_hidden_states is None else encoder_attention_mask
    return attend(q, k, v, mask).reshape(hidden_states.shape), None


def speed_up():
    modeling_blip.BlipAttention.forward = fast_vision_attention
    modeling_blip_text.BlipTextSelfAttention.forward = fast_text_attention


def grid_waves(cells, width):
    """Sines and cosines of both coordinates, from half a wave over the picture to one over two cells."""
    rates = torch.logspace(math.log10(math.pi / cells), math.log10(math.pi), width // 4)
    angles = torch.arange(cells)[:, None] * rates
    line = torch.cat([angles.sin(), angles.cos()], -1)
    rows, columns = line[:, None].expand(-1, cells, -1), line[None].expand(cells, -1, -1)
    return torch.cat([rows, columns], -1).flatten(0, 1)


class DemoModel(nn.Module):
    """BLIP's parts under the names the transformers classes give them, and heads for training only (`aux_*`)."""

    def __init__(self, config):
        super().__init__()
        text, width = config.text_config, config.vision_config.hidden_size
        self.config = config
        self.vision_model = modeling_blip.BlipVisionModel(config.vision_config)
        self.text_encoder = modeling_blip_text.BlipTextModel(text, add_pooling_layer=False)
        self.text_decoder = modeling_blip_text.BlipTextLMHeadModel(text)
        self.vision_proj = nn.Linear(width, config.image_text_hidden_size)
        self.text_proj = nn.Linear(text.hidden_size, config.image_text_hidden_size)
        self.itm_head = nn.Linear(text.hidden_size, 2)
        kinds = len(scenes.NAMES)
        # The patches' values grow far beyond the default of 0.02, and positions that drown in them are never learned.
        self.vision_model.embeddings.position_embedding.data[0, 1:] = 2 * grid_waves(shape.GRID, width)
        for layer in self.vision_model.modules():
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.04)
        self.aux_patch = nn.Linear(width, kinds + 1)
        self.aux_cls = nn.ModuleList(nn.Linear(width, n) for n in (len(scenes.COLOR_NAMES), 6, kinds, kinds + 1))
        self.aux_place = nn.Linear(width, 10)
        self.aux_token = nn.Linear(width, 9)
        self.aux_temperature = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.register_buffer("mean", torch.tensor(OPENAI_CLIP_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(OPENAI_CLIP_STD).view(1, 3, 1, 1), persistent=False)

    def see(self, images):
        pixels = (images.permute(0, 3, 1, 2).float() / 255 - self.mean) / self.std
        return self.vision_model(pixel_values=pixels).last_hidden_state

    def forward(self, b, vision_only=False):
        """The losses by name."""
        seen = self.see(b["images"])
        cells = shape.GRID ** 2
        kinds, roles, middles = b["labels"][:, :3 * cells].view(-1, 3, cells).unbind(1)
        place = self.aux_place(seen[:, 1:]).float()
        losses = {
            "patch": F.cross_entropy(self.aux_patch(seen[:, 1:]).flatten(0, 1).float(), kinds.flatten()),
            "role": F.cross_entropy(place[:, :, :9].flatten(0, 1), roles.flatten()),
            "middle": F.binary_cross_entropy_with_logits(place[:, :, 9], middles.float()),
        }
        for i, head in enumerate(self.aux_cls):
            losses[f"cls{i}"] = F.cross_entropy(head(seen[:, 0]).float(), b["labels"][:, 3 * cells + i])
        if vision_only:
            return losses

        captions = b["captions"]
        labels = captions.masked_fill(captions == shape.PAD, -100)
        unlearned = torch.arange(captions.shape[1], device=seen.device)[None, :] <= b["prompts"][:, None]
        losses["caption"] = self.say(captions, labels.masked_fill(unlearned, -100), seen)

        texts = b["texts"]
        mask = (texts != shape.PAD).long()
        states = self.text_encoder(input_ids=texts, attention_mask=mask, encoder_hidden_states=seen).last_hidden_state
        named = b["roles"] != -100
        losses["token"] = F.cross_entropy(self.aux_token(states[named]).float(), b["roles"][named])
        states, mask = states.unflatten(0, (-1, GROUP)), mask.unflatten(0, (-1, GROUP))

        # transformers lets the decoder see the padding of a batch of questions, and a single one has none: learn both.
        question_mask = mask[:, :2].flatten(0, 1) | (torch.rand(len(texts) // 2, 1, device=seen.device) < 0.5)
        answers = b["answers"]
        losses["answer"] = self.say(answers, answers.masked_fill(answers == shape.PAD, -100),
                                    states[:, :2].flatten(0, 1), question_mask)

        matches = self.itm_head(states[:, 2:, 0]).float()
        truth = torch.tensor([1, 0], device=seen.device).expand(len(matches), 2)
        losses["match"] = F.cross_entropy(matches.flatten(0, 1), truth.flatten())

        true_texts = texts.unflatten(0, (-1, GROUP))[:, 2]
        alone = self.text_encoder(input_ids=true_texts, attention_mask=mask[:, 2]).last_hidden_state[:, 0]
        image_features = F.normalize(self.vision_proj(seen[:, 0]).float(), dim=-1)
        text_features = F.normalize(self.text_proj(alone).float(), dim=-1)
        scores = image_features @ text_features.t() * self.aux_temperature.exp().clamp(max=100)
        # Two pictures of a batch can deserve the same sentence; then neither is a wrong one for the other.
        own = torch.arange(len(scores), device=seen.device)
        same = (true_texts[:, None] == true_texts[None]).all(-1) & (own[:, None] != own[None])
        scores = scores.masked_fill(same, -1e4)
        losses["contrast"] = (F.cross_entropy(scores, own) + F.cross_entropy(scores.t(), own)) / 2
        return losses

    def say(self, ids, labels, source, source_mask=None):
        # The labels are shifted here, so that the head need not run for padding.
        hidden = self.text_decoder.bert(input_ids=ids[:, :-1], encoder_hidden_states=source,
                                        encoder_attention_mask=source_mask, is_decoder=True).last_hidden_state
        wanted = labels[:, 1:]
        kept = wanted != -100
        return F.cross_entropy(self.text_decoder.cls(hidden[kept]).float(), wanted[kept])

    # --- Reading it ---

    @torch.no_grad()
    def spell(self, source, start, limit=18):
        """Greedy texts, without a cache: enough for validation."""
        ids = start
        done = torch.zeros(len(start), dtype=torch.bool, device=start.device)
        for _ in range(limit):
            hidden = self.text_decoder.bert(input_ids=ids, encoder_hidden_states=source, is_decoder=True)
            token = self.text_decoder.cls(hidden.last_hidden_state[:, -1]).argmax(-1)
            token = token.masked_fill(done, shape.PAD)
            done |= token == shape.SEP
            ids = torch.cat([ids, token[:, None]], 1)
            if done.all():
                break
        skip = {shape.PAD, shape.SEP, shape.DEC, shape.CLS}
        return [" ".join(shape.VOCABULARY[i] for i in row if i not in skip) for row in ids.tolist()]


@torch.no_grad()
def validate(net, count=200):
    """Shares right on validation scenes, and some of the mistakes."""
    notes = [scenes.annotate(scenes.make_scene(scenes.VALIDATION_SEED + i)) for i in range(count)]
    images = [Image.fromarray(scenes.make_scene(n["seed"]).render(448)) for n in notes]
    side = (shape.IMAGE_SIDE, shape.IMAGE_SIDE)
    images = torch.stack([torch.from_numpy(np.array(i.resize(side, Image.Resampling.BICUBIC))) for i in images])
    device = net.mean.device
    seen = net.see(images.to(device))
    tally, mistakes = {}, []

    def count_as(name, right, note=None):
        tally.setdefault(name, []).append(bool(right))
        if not right and note:
            mistakes.append(note)

    for said, n in zip(net.spell(seen, torch.full((count, 1), shape.DEC, device=device)), notes):
        count_as(f"caption {n['type']}" + (f" {n['count']}" if n["type"] == "count" else ""), said == n["caption"],
                 f"{n['caption']} | {said}")
    asked = [(i, q) for i, n in enumerate(notes) for q in n["questions"]]
    ids = torch.from_numpy(padded([[shape.CLS] + shape.encode(q["question"]) + [shape.SEP] for _, q in asked])).to(device)
    mask = (ids != shape.PAD).long()
    states = net.text_encoder(input_ids=ids, attention_mask=mask,
                              encoder_hidden_states=seen[[i for i, _ in asked]]).last_hidden_state
    for said, (i, q) in zip(net.spell(states, torch.full((len(asked), 1), shape.DEC, device=device)), asked):
        count_as(f"answer {q['kind']}", said == q["answer"], f"{q['question']} {q['answer']} | {said}")
    told = [(i, t, "true", True) for i, n in enumerate(notes) for t in n["true"]]
    told += [(i, f["sentence"], "false " + f["changed"], False) for i, n in enumerate(notes) for f in n["false"]]
    ids = torch.from_numpy(padded([[shape.CLS] + shape.encode(t[1]) + [shape.SEP] for t in told])).to(device)
    states = net.text_encoder(input_ids=ids, attention_mask=(ids != shape.PAD).long(),
                              encoder_hidden_states=seen[[t[0] for t in told]]).last_hidden_state
    matched = net.itm_head(states[:, 0]).argmax(-1).bool().tolist()
    for yes, (i, text, name, truth) in zip(matched, told):
        count_as(f"match {name}", yes == truth)
    return {k: sum(v) / len(v) for k, v in sorted(tally.items())}, mistakes


# --- The run ---


def share_gradients(net, world, done):
    """Average the gradients over the processes, all in one message, and with them how much of the run is done."""
    if world == 1:
        return done
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in grads] + [torch.tensor([done])])
    dist.all_reduce(flat)
    *means, done = (flat / world).split([g.numel() for g in grads] + [1])
    for grad, mean in zip(grads, means):
        grad.copy_(mean.view_as(grad))
    return done.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint.pt")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--warm-up", type=int, default=2000, help="steps of the vision model alone")
    parser.add_argument("--steps", type=int, default=7000, help="steps in all")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most so many, whatever the steps")
    parser.add_argument("--batch", type=int, default=32, help="scenes a step, shared by the processes")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--processes", type=int, default=2, help="processes that learn, on a CPU")
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--decay", type=float, default=0.6, help="the part of the steps in which the rate goes down")
    # Emulated, bfloat16 takes ten times as long as float32.
    capabilities = torch.cpu.get_capabilities()
    parser.add_argument("--float32", action=argparse.BooleanOptionalAction,
                        default=not (capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")),
                        help="no bfloat16 arithmetic: the default on a processor without it")
    parser.add_argument("--every", type=int, default=500, help="steps between validations")
    parser.add_argument("--bench", type=int, help="only time so many steps of both phases")
    args = parser.parse_args()
    if args.device != "cpu":
        args.processes = 1
    args.out.mkdir(parents=True, exist_ok=True)
    meeting = args.out / "meeting"
    meeting.unlink(missing_ok=True)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.multiprocessing.spawn(run, (args.processes, f"file://{meeting.absolute()}", args), args.processes)


def run(rank, world, meeting, args):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=world)
    torch.manual_seed(1)
    speed_up()

    def tell(*what, **how):
        if rank == 0:
            print(*what, **how, flush=True)

    # A GPU multiplies float32 matrices in TF32: with networks this small bfloat16's casts cost more than they save.
    torch.set_float32_matmul_precision("high")
    net, average = DemoModel(shape.config()).to(args.device), DemoModel(shape.config()).to(args.device)
    average.load_state_dict(net.state_dict())
    average.eval()
    tell(f"{sum(p.numel() for n, p in net.named_parameters() if not n.startswith('aux')):,} parameters")
    matrices = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}],
                                  lr=args.rate, betas=(0.9, 0.98), fused=True)
    step, spent = 0, 0.0
    checkpoint = args.out / "checkpoint.pt"
    if args.resume:
        saved = torch.load(checkpoint, map_location=args.device)
        net.load_state_dict(saved["net"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent = saved["step"], saved["seconds"]
    if args.bench:
        args.warm_up, args.steps, args.every = args.bench, 2 * args.bench, 10**9

    def save():
        temporary = checkpoint.with_suffix(".new")
        torch.save({"net": net.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(),
                    "step": step, "seconds": spent}, temporary)
        temporary.replace(checkpoint)

    context = multiprocessing.get_context("spawn")
    painters = 1 if args.device == "cpu" else max(1, len(os.sched_getaffinity(0)) - 2)
    drawn = context.Queue(2 * painters + 6)
    for i in range(painters):
        context.Process(target=produce, args=(drawn, step + i, painters, args.batch, rank, world), daemon=True).start()

    torch.manual_seed(100 * step + rank)
    queue_wait, window, started = 0.0, {}, time.time()
    last = started
    done = step / args.steps
    while done < 1:
        ramp = min(1, (step + 1) / 100)
        # The second phase begins with parts that have learned nothing, so it gets a ramp of its own.
        if step >= args.warm_up:
            ramp = min(ramp, 0.2 + 0.8 * (step - args.warm_up) / 200)
        # Level, then down in a line: so the run's length can be changed on the way.
        rate = args.rate * ramp * max(0.01, min(1, (1 - done) / args.decay))
        for group in optimizer.param_groups:
            group["lr"] = rate
        before = time.time()
        data = {k: torch.from_numpy(v).to(args.device) for k, v in drawn.get().items()}
        queue_wait += time.time() - before
        with torch.autocast("cpu", torch.bfloat16, enabled=args.device == "cpu" and not args.float32):
            losses = net(data, vision_only=step < args.warm_up)
        # cls1, how many or in which order, is the hardest to see, and only one word in ten of the captions tells it.
        weights = {"caption": 1.0, "answer": 1.0, "match": 1.0, "contrast": 0.1, "cls1": 1.0, "role": 1.0, "token": 1.0,
                   "middle": 2.0}
        total = sum(weights.get(k, 0.5) * v for k, v in losses.items())
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        # The time counts from this start. The processes' clocks differ a little and their rates must not: they share it.
        done = share_gradients(net, world, max((step + 1) / args.steps, (time.time() - started) / 60 / args.minutes))
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        keep = min(0.998, 1 - 1 / (1 + step / 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1 - keep)
        for k, v in losses.items():
            window.setdefault(k, []).append(v.detach())
        if step % 50 == 0 or args.bench:
            now = time.time()
            n = len(window["patch"])
            tell(f"step {step} {(now - last) / n:.3f} s/step waited {queue_wait / n:.3f} rate {rate:.1e} "
                  + " ".join(f"{k} {sum(v).item() / len(v):.3f}" for k, v in window.items()))
            spent += now - last
            queue_wait, window, last = 0.0, {}, now
        if rank == 0 and (step % 100 == 0 or done >= 1):
            save()
        if rank == 0 and not args.bench and (step % args.every == 0 and step > args.warm_up or done >= 1):
            shares, mistakes = validate(average)
            tell("validation", " ".join(f"{k} {v:.3f}" for k, v in shares.items()))
            tell("mistakes", *mistakes[:14], sep="\n   ")
    dist.barrier()


if __name__ == "__main__":
    main()
