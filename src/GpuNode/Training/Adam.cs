namespace LPZero.GpuNode.Training;

/// <summary>
/// The optimizer Adam (Kingma and Ba, ICLR 2015) on one flat tensor of weights, after scaling gradients down to a
/// norm. Its tensors belong to the dispose scope that it is made in.
/// </summary>
/// <param name="values">The weights, changed in place.</param>
/// <param name="gradientNorm">The largest norm of a gradient.</param>
internal sealed class Adam(Tensor values, double gradientNorm)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.98;
    private const double Epsilon = 1e-8;

    private readonly Tensor first = zeros_like(values);
    private readonly Tensor second = zeros_like(values);
    private int steps;

    /// <summary>One step.</summary>
    /// <param name="gradient">The gradient; changed.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <returns>False, without a step, where the gradient is not finite.</returns>
    public bool Step(Tensor gradient, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var norm = Math.Sqrt(gradient.Squared().sum(ScalarType.Float64).item<double>());
        if (!double.IsFinite(norm))
        {
            return false;
        }

        if (norm > gradientNorm)
        {
            KeptScalar.Use(gradientNorm / norm, gradient.mul_);
        }

        steps++;
        KeptScalar.Use(Beta1, first.mul_);
        KeptScalar.Use(1 - Beta1, share => first.add_(gradient, share));
        KeptScalar.Use(Beta2, second.mul_);
        KeptScalar.Use(1 - Beta2, share => second.addcmul_(gradient, gradient, share));
        var denominator = second.Over(1 - Math.Pow(Beta2, steps)).sqrt().Plus(Epsilon);
        KeptScalar.Use(-learningRate / (1 - Math.Pow(Beta1, steps)), step => values.addcdiv_(first, denominator, step));
        return true;
    }
}
