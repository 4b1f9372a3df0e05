#if TORCHSHARP
global using static TorchSharp.torch;
#else
global using static LPZero.Torch.torch;
#endif
