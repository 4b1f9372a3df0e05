namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Spectra of matrices, in double, on the CPU: there they are the same bits whatever the device. Those of a matrix that is not finite are
/// NaN: LAPACK, which would refuse it or answer what it likes, never sees it.
/// </summary>
public static class Spectrum
{
    /// <summary>Eigenvalues of a symmetric matrix, smallest first.</summary>
    public static double[] Eigenvalues(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var exact = matrix.to(ScalarType.Float64).cpu();
        return NetworkEvidence.IsFinite(exact)
            ? linalg.eigvalsh(exact).data<double>().ToArray()
            : [.. Enumerable.Repeat(double.NaN, (int)exact.shape[0])];
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
        var exact = matrix.to(ScalarType.Float64).cpu();
        return NetworkEvidence.IsFinite(exact) ? linalg.slogdet(exact).Item2.item<double>() : double.NaN;
    }
}
