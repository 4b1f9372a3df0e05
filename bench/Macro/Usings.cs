#if TORCHSHARP
global using TorchSharp;
global using static TorchSharp.torch;
#else
global using LPZero.Torch;
global using static LPZero.Torch.torch;
#endif
