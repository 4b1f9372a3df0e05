namespace LPZero.Torch;

/// <summary>The kinds of devices that a tensor can be on.</summary>
public enum DeviceType
{
    /// <summary>Main memory.</summary>
    CPU = 0,

    /// <summary>An NVIDIA graphics processor.</summary>
    CUDA = 1,
}

/// <summary>How a Fourier transform is scaled.</summary>
public enum FFTNormType
{
    /// <summary>The forward transform is not scaled.</summary>
    Backward = 0,

    /// <summary>The forward transform is divided by the number of points.</summary>
    Forward = 1,

    /// <summary>Either transform is divided by the square root of the number of points.</summary>
    Ortho = 2,
}
