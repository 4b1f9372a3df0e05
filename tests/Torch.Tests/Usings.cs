global using LPZero.Torch;
global using static LPZero.Torch.torch;
