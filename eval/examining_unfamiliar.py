"""Unedited recordings that went through codecs and processing most of which ``wholetape examine`` has no model of.

At least one step of each case is an MP3 or AAC encoding, so that there is a grid which the others could seem to break.
"""

from __future__ import annotations

from pathlib import Path

from eval import ffmpeg
from eval.examining_cases import PCM, ExamineCase, Form, Speech, Words, aac, case_rng, formed, mp3


def _coded(suffix: str, codec: str, *words: str) -> Form:
    return suffix, ("-c:a", codec, *words)


_NARROW: Words = ("-ar", "8000", "-ac", "1")
_GRIDS: tuple[Form, ...] = (
    *(mp3(bits) for bits in (32, 48, 64, 96, 128, 192)),
    *(aac(bits) for bits in (32, 48, 64, 96, 128)),
    *(_coded(".mp3", "libmp3lame", "-q:a", str(quality)) for quality in (2, 5, 8)),
    _coded(".mp3", "libmp3lame", "-b:a", "64k", "-ar", "22050"),
    _coded(".mp3", "libmp3lame", "-b:a", "96k", "-ac", "2", "-joint_stereo", "0"),
    _coded(".mp3", "libshine", "-b:a", "128k", "-ar", "44100"),
    *(_coded(".m4a", "aac", "-b:a", "64k", "-aac_coder", coder) for coder in ("fast", "twoloop")),
)
CODECS: dict[str, Form] = {
    "pcm": PCM,
    "ac3": _coded(".ac3", "ac3", "-b:a", "96k", "-ar", "48000"),
    "eac3": _coded(".eac3", "eac3", "-b:a", "64k", "-ar", "48000"),
    "mp2": _coded(".mp2", "mp2", "-b:a", "96k", "-ar", "44100"),
    "wma1": _coded(".wma", "wmav1", "-b:a", "64k", "-ar", "44100"),
    "wma2": _coded(".wma", "wmav2", "-b:a", "64k", "-ar", "44100"),
    "adpcm ima": _coded(".wav", "adpcm_ima_wav"),
    "adpcm ms": _coded(".wav", "adpcm_ms"),
    "g722": _coded(".wav", "g722", "-ar", "16000", "-ac", "1"),
    "g726": _coded(".wav", "g726", *_NARROW),
    "g723": _coded(".mkv", "g723_1", *_NARROW, "-b:a", "6300"),
    "gsm": _coded(".gsm", "libgsm", *_NARROW),
    "amr-wb": _coded(".amr", "libvo_amrwbenc", "-ar", "16000", "-ac", "1", "-b:a", "12650"),
    "speex": _coded(".spx", "libspeex", "-ar", "16000", "-ac", "1"),
    "sbc": _coded(".sbc", "sbc", "-ar", "44100", "-b:a", "200k"),
    "nellymoser": _coded(".flv", "nellymoser", "-ar", "22050", "-ac", "1"),
    "vorbis 0": _coded(".ogg", "libvorbis", "-q:a", "0"),
    "vorbis 4": _coded(".ogg", "libvorbis", "-q:a", "4"),
    "opus dtx": _coded(".opus", "libopus", "-b:a", "16k", "-application", "voip", "-dtx", "1"),
    "opus low delay": _coded(".opus", "libopus", "-b:a", "48k", "-application", "lowdelay", "-frame_duration", "2.5"),
    "opus 96": _coded(".opus", "libopus", "-b:a", "96k"),
}
PROCESSING: dict[str, str] = {
    "none": "anull",
    "slower by 5%, pitch kept": "atempo=0.95",
    "quicker by 0.5%, pitch kept": "atempo=1.005",
    "quicker by 1%, pitch kept": "atempo=1.01",
    "quicker by a half, pitch kept": "atempo=1.5",
    "rubberband, quicker by 2%": "rubberband=tempo=1.02",
    "rubberband, slower by 10%": "rubberband=tempo=0.9",
    "rubberband, higher": "rubberband=pitch=1.06",
    "speed of 1.001": "asetrate=48048,aresample=48000",
    "speed of 0.96": "asetrate=46080,aresample=48000",
    "voice disguised": "asetrate=42000,aresample=48000,atempo=1.142857",
    "vibrato": "vibrato=f=5:d=0.2",
    "levels by dynaudnorm": "dynaudnorm",
    "levels by speechnorm": "speechnorm=e=6",
    "noise removed by anlmdn": "anlmdn",
    "noise removed by afftdn": "afftdn=nr=24",
    "clicks removed": "adeclick",
    "clipping removed": "adeclip",
    "de-esser": "deesser",
    "limiter": "alimiter=limit=0.2",
    "soft clipping": "volume=20dB,asoftclip",
    "echo": "aecho=0.8:0.7:60:0.3",
    "chorus": "chorus=0.6:0.9:50:0.4:0.25:2",
    "phaser": "aphaser",
    "frequency shift": "afreqshift=shift=30",
    "coarse samples": "acrusher=bits=8:mode=lin",
    "clock compensated": "asetrate=48010,aresample=48000:async=1000",
    "one channel late": "pan=stereo|c0=c0|c1=c0,adelay=0|13",
    "wider": "pan=stereo|c0=c0|c1=0.7*c0,stereowiden",
    "tone controls": "bass=g=8,treble=g=-6",
    "faded at the ends": "afade=t=in:d=1,areverse,afade=t=in:d=1,areverse",
}


def unfamiliar(seed: int, speech: Speech, folder: Path) -> ExamineCase:
    """Up to a minute: an MP3 or AAC, decoded, processed, in another codec, and perhaps encoded again."""
    rng = case_rng("unfamiliar", seed)
    rate = 48000
    sound, source = speech.draw(rng, float(rng.uniform(15, 60)), rate, pristine=False)
    names, codecs = list(PROCESSING), list(CODECS)
    process = names[int(rng.integers(len(names)))]
    codec = codecs[int(rng.integers(len(codecs)))]
    forms = [_GRIDS[int(rng.integers(len(_GRIDS)))] for _ in range(2)]
    chain = [(forms[0], "anull"), (CODECS[codec], PROCESSING[process]), (forms[1], "anull")][: 2 + int(rng.integers(2))]
    if seed % 3 == 0:  # the unfamiliar codec first
        chain[:2] = (CODECS[codec], "anull"), (forms[0], PROCESSING[process])
    path = folder / "unset"
    for step, (form, filters) in enumerate(chain):
        if step:
            sound = ffmpeg.decode(path, rate)[int(rng.integers(0, rate // 4)) :]
        path = formed(sound, rate, form, folder, f"step{step}", filters)
    words = f"{process}; {codec}; {' > '.join(' '.join(form[1][1:]) or 'pcm' for form, _ in chain)}"
    return ExamineCase("unfamiliar", seed, path, f"{source}: {words}")
