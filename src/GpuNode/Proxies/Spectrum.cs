namespace LPZero.GpuNode.Proxies;

/// <summary>Spectra of matrices, in double, on the CPU: there they are the same bits whatever the device.</summary>
public static class Spectrum
{
    /// <summary>Eigenvalues of a symmetric matrix, smallest first.</summary>
    public static double[] Eigenvalues(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        return linalg.eigvalsh(matrix.to(ScalarType.Float64).cpu()).data<double>().ToArray();
    }

    /// <summary>
    /// Singular values of a matrix, smallest first: the square roots of the eigenvalues of its product with itself over the longer side, so
    /// that one below a hundred-millionth of the largest is noise.
    /// </summary>
    public static double[] SingularValues(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var exact = matrix.to(ScalarType.Float64).cpu();
        var across = exact.transpose(0, 1);
        var product = exact.shape[0] <= exact.shape[1] ? CheckedCalls.Product(exact, across) : CheckedCalls.Product(across, exact);
        return [.. Eigenvalues(product).Select(value => Math.Sqrt(Math.Max(0, value)))];
    }

    /// <summary>The logarithm of the absolute determinant of a square matrix; minus infinity where it is singular.</summary>
    public static double LogAbsoluteDeterminant(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        return linalg.slogdet(matrix.to(ScalarType.Float64).cpu()).Item2.item<double>();
    }
}
