global using static LPZero.Torch.torch;
